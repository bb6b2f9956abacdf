import type { ComponentChildren } from 'preact';
import { MAXIMUM_SPEAKERS } from '../../../engine/core/limits.ts';
import { LATENCY_MODE_SECONDS, type LatencyMode } from '../../../engine/stft/StftPlan.ts';
import { voiceColour } from '../../../host/protocol/voiceColours.ts';
import { percentText } from '../../base/numberText.ts';
import { useStream } from '../../base/useStream.ts';
import { Choice } from '../../controls/Choice.tsx';
import { Icon } from '../../controls/Icon.tsx';
import { Toggle } from '../../controls/Toggle.tsx';
import type { Notices } from '../../model/Notices.ts';
import type { RenderLoop } from '../../model/RenderLoop.ts';
import type { Texts } from '../../texts/catalogue.ts';
import { useTexts } from '../../texts/useTexts.ts';
import type { BundledFiles } from '../storage/BundledFiles.ts';
import type { KeptVoices } from '../storage/KeptVoices.ts';
import { EnrolVoice } from './EnrolVoice.tsx';
import type { LiveSeparation, LiveState } from './LiveSeparation.ts';
import { LiveStrip } from './LiveStrip.tsx';
import { VoiceList } from './VoiceList.tsx';

export interface LiveObjects {
  readonly live: LiveSeparation;
  readonly kept: KeptVoices;
  readonly bundled: BundledFiles;
  readonly notices: Notices;
  readonly renderLoop: RenderLoop;
}

const LATENCIES: readonly LatencyMode[] = ['ear', 'monitor', 'call', 'studio'];
const REST_COLOUR = '#8f8f8f';

interface LiveViewProps extends LiveObjects {
  /** Shown above everything else. */
  readonly children: ComponentChildren;
}

/** Separates the microphone, or the demo, with faders for the loaded voices; beside them the presets and enrolment. */
export function LiveView({ live, kept, bundled, notices, renderLoop, children }: LiveViewProps) {
  const texts = useTexts();
  const state = useStream(live.state$) ?? live.state$.value;
  const { voices, rest, phase } = state;
  const report = (done: Promise<unknown>) => void done.catch((error) => notices.problem(error));
  return (
    <main class="live">
      <section class="live-main" aria-label={texts.web.mixer}>
        {children}
        <LiveBar live={live} state={state} bundled={bundled} report={report} />
        {voices.length === 0 ? <p class="live-hint dim">{texts.web.chooseVoices}</p> : null}
        <div class="live-strips">
          {voices.map(({ parsed, strip }, index) => (
            <LiveStrip
              key={parsed.name}
              name={parsed.name}
              colour={voiceColour(index)}
              strip={strip}
              level={() => live.level(index)}
              renderLoop={renderLoop}
              onStrip={(next) => live.setStrip(index, next)}
            />
          ))}
          {voices.length === 0 ? null : (
            <LiveStrip
              name={texts.recording.rest}
              colour={REST_COLOUR}
              strip={rest}
              level={() => live.level(null)}
              renderLoop={renderLoop}
              onStrip={(next) => live.setStrip(null, next)}
            />
          )}
        </div>
        <StatusLine live={live} state={state} />
      </section>
      <aside class="live-side">
        <VoiceList
          kept={kept}
          bundled={bundled}
          loaded={voices.map(({ parsed }) => parsed.name)}
          canLoad={voices.length < MAXIMUM_SPEAKERS && phase !== 'opening'}
          notices={notices}
          onToggle={(voice) => report(live.toggle(voice))}
        />
        <EnrolVoice kept={kept} notices={notices} />
      </aside>
    </main>
  );
}

interface LiveBarProps {
  readonly live: LiveSeparation;
  readonly state: LiveState;
  readonly bundled: BundledFiles;
  readonly report: (done: Promise<unknown>) => void;
}

function LiveBar({ live, state, bundled, report }: LiveBarProps) {
  const { web: texts, settings } = useTexts();
  const { modes } = settings.latency;
  const { phase, isHeard, latency } = state;
  const playDemo = async () => {
    const { demo } = await bundled.listing();
    for (const name of demo) {
      if (live.state$.value.voices.some(({ parsed }) => parsed.name === name)) continue;
      await live.toggle(await bundled.voice(name));
    }
    await live.start({ type: 'demo', file: await bundled.demo() });
  };
  return (
    <div class="live-bar">
      {phase === 'off' ? (
        <>
          <button type="button" class="button primary" onClick={() => report(live.start({ type: 'microphone' }))}>
            <Icon name="microphone" /> {texts.startMicrophone}
          </button>
          <button type="button" class="button" onClick={() => report(playDemo())}>
            <Icon name="play" /> {texts.playDemo}
          </button>
        </>
      ) : (
        <button type="button" class="button primary" onClick={() => live.stop()}>
          <Icon name="stop" /> {texts.stop}
        </button>
      )}
      <Toggle
        label={texts.hear}
        kind="send"
        isOn={isHeard}
        isDisabled={phase !== 'running'}
        title={texts.hearHint}
        onChange={(next) => live.setHeard(next)}
      >
        <Icon name="speaker" /> {texts.hear}
      </Toggle>
      <Choice
        label={texts.latency}
        value={latency}
        isDisabled={phase === 'opening'}
        choices={LATENCIES.map((value) => ({
          value,
          label: `${modes[value]}, ${1000 * LATENCY_MODE_SECONDS[value]} ms`,
        }))}
        onChange={(value) => {
          const chosen = LATENCIES.find((each) => each === value);
          if (chosen !== undefined) report(live.setLatency(chosen));
        }}
      />
    </div>
  );
}

function StatusLine({ live, state }: { readonly live: LiveSeparation; readonly state: LiveState }) {
  const texts = useTexts().web;
  const { phase, source } = state;
  const latency = live.latencySeconds;
  const milliseconds = (seconds: number) => Math.round(1000 * seconds);
  const route =
    phase === 'opening'
      ? texts.opening
      : source === null || latency === null
        ? texts.off
        : texts.running[source](milliseconds(latency.separation), milliseconds(latency.browser));
  const adapted = adaptationText(state, texts);
  return (
    <p class="live-status" role="status">
      {route} {phase === 'running' ? adapted : ''}
    </p>
  );
}

function adaptationText({ adaptation, progress }: LiveState, texts: Texts['web']): string {
  if (adaptation === 'none') return '';
  return adaptation === 'learning' ? texts.adaptation.learning(percentText(progress)) : texts.adaptation[adaptation];
}
