import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { bytesText, countText, decibelText, millisecondsText, percentText } from '../base/numberText.ts';
import { useStream } from '../base/useStream.ts';
import { usePanel } from '../model/PanelContext.ts';
import { SIGNAL, type TelemetryHistory } from '../model/TelemetryHistory.ts';
import { diagnose } from './diagnose.ts';
import { HistoryChart } from './HistoryChart.tsx';
import { SimilarityTable } from './SimilarityTable.tsx';

const OVERLOAD_WORDS = {
  none: 'none',
  'fewer-iterations': 'fewer iterations',
  'fewer-templates': 'fewer templates',
  bypass: 'bypassed',
} as const;

/** Latency, load, problems with cause and remedy, quality, and counters. */
export function HealthTab({ state }: { readonly state: LiveState }) {
  const { link, statusHistory, telemetryHistory, recentCounters } = usePanel();
  const status = useStream(link.status$);
  if (status === null) return <p class="empty">No measurements yet.</p>;
  return (
    <div class="health">
      <LatencyParts status={status} />
      <section aria-label="Load">
        <h2>Load</h2>
        <HistoryChart statusHistory={statusHistory} />
        <dl class="pairs">
          <dt>Block time, median</dt>
          <dd>{percentText(status.load.median)}</dd>
          <dt>99th percentile</dt>
          <dd>{percentText(status.load.p99)}</dd>
          <dt>Maximum</dt>
          <dd>{percentText(status.load.largest)}</dd>
          <dt>Overload</dt>
          <dd data-alarm={status.overload !== 'none'}>{OVERLOAD_WORDS[status.overload]}</dd>
        </dl>
      </section>
      <Findings
        state={state}
        status={{ ...status, counters: recentCounters.counts() ?? status.counters }}
        telemetryHistory={telemetryHistory}
      />
      <Counters status={status} />
    </div>
  );
}

function LatencyParts({ status: { latency } }: { readonly status: LiveStatus }) {
  const parts = [
    { name: 'Algorithm', seconds: latency.algorithmSeconds },
    { name: 'Buffers', seconds: latency.buffersSeconds },
    { name: 'Devices', seconds: latency.deviceSeconds },
  ];
  const total = Math.max(1e-6, latency.totalSeconds);
  return (
    <section aria-label="Latency">
      <h2>
        Latency <strong>{millisecondsText(latency.totalSeconds)}</strong>
      </h2>
      <div class="parts" aria-hidden="true">
        {parts.map(({ name, seconds }, index) => (
          <div key={name} class={`part part-${index}`} style={{ flexGrow: Math.max(0.001, seconds / total) }} />
        ))}
      </div>
      <dl class="pairs">
        {parts.map(({ name, seconds }, index) => (
          <>
            <dt>
              <span class={`part-dot part-${index}`} aria-hidden="true" />
              {name}
            </dt>
            <dd>{millisecondsText(seconds)}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

interface FindingsProps {
  readonly state: LiveState;
  /** Its counters are those of the last minute. */
  readonly status: LiveStatus;
  readonly telemetryHistory: TelemetryHistory;
}

function Findings({ state, status, telemetryHistory }: FindingsProps) {
  const now = performance.now();
  const rest = telemetryHistory.rmsAt(SIGNAL.rest, now);
  const restDecibels = rest - telemetryHistory.rmsAt(SIGNAL.input, now);
  const isRestOff = state.settings.parameters.rest === 0 || rest < -110;
  const causes = diagnose(state, status, {
    restDecibels: isRestOff ? null : restDecibels,
    isInputSilent: telemetryHistory.isInputSilent(now),
  });
  const adaptation = adaptationText(state);
  return (
    <>
      <section aria-label="Diagnosis">
        <h2>Diagnosis</h2>
        <ul class="hints" data-fine={causes.length === 0}>
          {causes.length === 0 ? <li>No problems detected</li> : null}
          {causes.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      <section aria-label="Quality">
        <h2>Quality</h2>
        <dl class="pairs">
          <dt title="Upper bound on the distance of the solver from its optimum">KL gap</dt>
          <dd>{percentText(status.relativeGap)}</dd>
          <dt>Iterations</dt>
          <dd>{status.iterations}</dd>
          <dt title="Level of the sound assigned to no speaker, relative to the input">Rest</dt>
          <dd>{isRestOff ? 'off' : decibelText(restDecibels)}</dd>
        </dl>
        <SimilarityTable state={state} />
        {adaptation !== null && <p class="empty">{adaptation}</p>}
      </section>
    </>
  );
}

/** @returns whether the loaded voices are adapted to each other, as a sentence; null: nothing to report */
function adaptationText({ settings, adaptation: { phase, progress, reason } }: LiveState): string | null {
  if (settings.speakers.length < 2) return null;
  if (phase === 'learning') return `Adapting the voices to each other: ${percentText(progress)}`;
  if (phase === 'adapted') return 'The voices are adapted to each other.';
  return reason === null ? null : `Voices not adapted to each other: ${reason}`;
}

function Counters({ status: { counters, driftPpm, memoryBytes } }: { readonly status: LiveStatus }) {
  // The last one affects the display only.
  const rows: readonly (readonly [string, number, number | null, boolean?])[] = [
    ['Input gaps', counters.inputGaps, counters.inputLostSamples],
    ['Output gaps', counters.outputGaps, counters.outputLostSamples],
    ['Buffers trimmed', counters.shortenings, counters.shortenedSamples],
    ['Overloads', counters.overloads, counters.bypassedSamples],
    ['Dry fallbacks', counters.dryFallbacks, counters.dryFallbackSamples],
    ['Engine restarts', counters.engineRestarts, null],
    ['Device restarts', counters.restarts, null],
    ['Clipped samples', counters.clippedSamples, null],
    ['Invalid samples', counters.invalidSamples, null],
    ['Samples not recorded', counters.recordingDroppedSamples, null],
    ['Telemetry frames dropped', counters.telemetryDropped, null, false],
  ];
  return (
    <section aria-label="Counters">
      <h2>Since start</h2>
      <dl class="pairs">
        {rows.map(([name, count, samples, isFault = true]) => (
          <>
            <dt>{name}</dt>
            <dd data-alarm={isFault && count > 0}>
              {countText(count)}
              {samples === null || samples === 0 ? null : <small> {countText(samples)} samples</small>}
            </dd>
          </>
        ))}
        <dt>Clock drift</dt>
        <dd>{driftPpm.toFixed(1).replace('-', '−')} ppm</dd>
        <dt>Memory</dt>
        <dd>{bytesText(memoryBytes)}</dd>
      </dl>
    </section>
  );
}
