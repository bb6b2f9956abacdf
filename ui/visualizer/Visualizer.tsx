import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useRemembered } from '../base/useRemembered.ts';
import { Segmented } from '../controls/Segmented.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import type { FrequencyScale } from './frequencyScale.ts';
import { SpectrogramView } from './SpectrogramView.tsx';
import { TemplateView } from './TemplateView.tsx';

type View = 'spectra' | 'activations' | 'templates';

const VIEWS = [
  { value: 'spectra', label: 'Spectra', hint: 'Spectrograms of the mixture and each speaker' },
  { value: 'activations', label: 'Activations', hint: "Activations of each speaker's templates over time" },
  { value: 'templates', label: 'Templates', hint: "Spectra of one speaker's templates" },
] as const;
const SPANS = [
  { value: '5', label: '5 s' },
  { value: '10', label: '10 s' },
  { value: '25', label: '25 s' },
] as const;
const SCALES = [
  { value: 'log', label: 'Log' },
  { value: 'linear', label: 'Linear' },
] as const;

/** Spectrograms, activations and templates, with the controls that choose among them. */
export function Visualizer({ state }: { readonly state: LiveState }) {
  const [view, setView] = useRemembered<View>('view', 'spectra', ['spectra', 'activations', 'templates']);
  const [scale, setScale] = useRemembered<FrequencyScale>('scale', 'log', ['log', 'linear']);
  const [span, setSpan] = useRemembered<'5' | '10' | '25'>('span', '10', ['5', '10', '25']);
  const [rest, setRest] = useRemembered<'on' | 'off'>('rest', 'off', ['on', 'off']);
  const [mask, setMask] = useRemembered<'on' | 'off'>('mask', 'off', ['on', 'off']);
  return (
    <section class="visualizer" aria-label="Visualizer">
      <div class="visualizer-bar">
        <Segmented label="View" value={view} choices={VIEWS} onChange={setView} />
        {view === 'spectra' ? (
          <>
            <Segmented label="Frequency axis" value={scale} choices={SCALES} onChange={setScale} />
            <Toggle
              label="Mask overlay"
              title="Show the mixture in each lane, coloured where it belongs to the speaker"
              isOn={mask === 'on'}
              onChange={(isOn) => setMask(isOn ? 'on' : 'off')}
            >
              Mask
            </Toggle>
            <Toggle
              label="Rest lane"
              title="Show the sound assigned to no speaker"
              isOn={rest === 'on'}
              onChange={(isOn) => setRest(isOn ? 'on' : 'off')}
            >
              Rest
            </Toggle>
          </>
        ) : null}
        {view === 'templates' ? null : <Segmented label="Time span" value={span} choices={SPANS} onChange={setSpan} />}
      </div>
      {view === 'templates' ? (
        <TemplateView state={state} />
      ) : (
        <SpectrogramView
          state={state}
          content={view}
          scale={scale}
          isMaskShown={mask === 'on'}
          isRestShown={rest === 'on'}
          spanSeconds={Number(span)}
        />
      )}
    </section>
  );
}
