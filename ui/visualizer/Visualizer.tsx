import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useRemembered } from '../base/useRemembered.ts';
import { Segmented } from '../controls/Segmented.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import { useTexts } from '../texts/useTexts.ts';
import type { FrequencyScale } from './frequencyScale.ts';
import { SpectrogramView } from './SpectrogramView.tsx';
import { TemplateView } from './TemplateView.tsx';

type View = 'spectra' | 'activations' | 'templates';

const VIEWS: readonly View[] = ['spectra', 'activations', 'templates'];
const SPANS = [
  { value: '5', label: '5 s' },
  { value: '10', label: '10 s' },
  { value: '25', label: '25 s' },
] as const;
const SCALES: readonly FrequencyScale[] = ['log', 'linear'];

/** Spectrograms, activations and templates, with the controls that choose among them. */
export function Visualizer({ state }: { readonly state: LiveState }) {
  const texts = useTexts().visualizer;
  const [view, setView] = useRemembered<View>('view', 'spectra', VIEWS);
  const [scale, setScale] = useRemembered<FrequencyScale>('scale', 'log', SCALES);
  const [span, setSpan] = useRemembered<'5' | '10' | '25'>('span', '10', ['5', '10', '25']);
  const [rest, setRest] = useRemembered<'on' | 'off'>('rest', 'off', ['on', 'off']);
  const [mask, setMask] = useRemembered<'on' | 'off'>('mask', 'off', ['on', 'off']);
  return (
    <section class="visualizer" aria-label={texts.name}>
      <div class="visualizer-bar">
        <Segmented
          label={texts.view}
          value={view}
          choices={VIEWS.map((value) => ({ value, ...texts.views[value] }))}
          onChange={setView}
        />
        {view === 'spectra' ? (
          <>
            <Segmented
              label={texts.frequencyAxis}
              value={scale}
              choices={SCALES.map((value) => ({ value, label: texts.scales[value] }))}
              onChange={setScale}
            />
            <Toggle
              label={texts.maskLabel}
              title={texts.maskHint}
              isOn={mask === 'on'}
              onChange={(isOn) => setMask(isOn ? 'on' : 'off')}
            >
              {texts.mask}
            </Toggle>
            <Toggle
              label={texts.restLabel}
              title={texts.restHint}
              isOn={rest === 'on'}
              onChange={(isOn) => setRest(isOn ? 'on' : 'off')}
            >
              {texts.rest}
            </Toggle>
          </>
        ) : null}
        {view === 'templates' ? null : (
          <Segmented label={texts.timeSpan} value={span} choices={SPANS} onChange={setSpan} />
        )}
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
