import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { bytesText, countText, decibelText, decimalText, millisecondsText, percentText } from '../base/numberText.ts';
import { useStream } from '../base/useStream.ts';
import { usePanel } from '../model/PanelContext.ts';
import { SIGNAL, type TelemetryHistory } from '../model/TelemetryHistory.ts';
import type { Texts } from '../texts/catalogue.ts';
import { useTexts } from '../texts/useTexts.ts';
import { diagnose } from './diagnose.ts';
import { HistoryChart } from './HistoryChart.tsx';
import { SimilarityTable } from './SimilarityTable.tsx';

/** Latency, load, problems with cause and remedy, quality, and counters. */
export function HealthTab({ state }: { readonly state: LiveState }) {
  const { link, statusHistory, telemetryHistory, recentCounters } = usePanel();
  const texts = useTexts().health;
  const status = useStream(link.status$);
  if (status === null) return <p class="empty">{texts.noMeasurements}</p>;
  return (
    <div class="health">
      <LatencyParts status={status} />
      <section aria-label={texts.load}>
        <h2>{texts.load}</h2>
        <HistoryChart statusHistory={statusHistory} />
        <dl class="pairs">
          <dt>{texts.blockTime}</dt>
          <dd>{percentText(status.load.median)}</dd>
          <dt>{texts.percentile}</dt>
          <dd>{percentText(status.load.p99)}</dd>
          <dt>{texts.maximum}</dt>
          <dd>{percentText(status.load.largest)}</dd>
          <dt>{texts.overload}</dt>
          <dd data-alarm={status.overload !== 'none'}>{texts.overloads[status.overload]}</dd>
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
  const texts = useTexts().health;
  const parts = [
    { name: texts.algorithm, seconds: latency.algorithmSeconds },
    { name: texts.buffers, seconds: latency.buffersSeconds },
    { name: texts.devices, seconds: latency.deviceSeconds },
  ];
  const total = Math.max(1e-6, latency.totalSeconds);
  return (
    <section aria-label={texts.latency}>
      <h2>
        {texts.latency} <strong>{millisecondsText(latency.totalSeconds)}</strong>
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
  const texts = useTexts().health;
  const now = performance.now();
  const rest = telemetryHistory.rmsAt(SIGNAL.rest, now);
  const restDecibels = rest - telemetryHistory.rmsAt(SIGNAL.input, now);
  const isRestOff = state.settings.parameters.rest === 0 || rest < -110;
  const causes = diagnose(state, status, {
    restDecibels: isRestOff ? null : restDecibels,
    isInputSilent: telemetryHistory.isInputSilent(now),
  });
  const adaptation = adaptationText(state, texts);
  return (
    <>
      <section aria-label={texts.diagnosis}>
        <h2>{texts.diagnosis}</h2>
        <ul class="hints" data-fine={causes.length === 0}>
          {causes.length === 0 ? <li>{texts.noProblems}</li> : null}
          {causes.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      <section aria-label={texts.quality}>
        <h2>{texts.quality}</h2>
        <dl class="pairs">
          <dt title={texts.gapHint}>{texts.gap}</dt>
          <dd>{percentText(status.relativeGap)}</dd>
          <dt>{texts.iterations}</dt>
          <dd>{status.iterations}</dd>
          <dt title={texts.restHint}>{texts.rest}</dt>
          <dd>{isRestOff ? texts.restOff : decibelText(restDecibels)}</dd>
        </dl>
        <SimilarityTable state={state} />
        {adaptation !== null && <p class="empty">{adaptation}</p>}
      </section>
    </>
  );
}

/** @returns whether the loaded voices are adapted to each other, as a sentence; null: nothing to report */
function adaptationText(
  { settings, adaptation: { phase, progress, reason } }: LiveState,
  texts: Texts['health'],
): string | null {
  if (settings.speakers.length < 2) return null;
  if (phase === 'learning') return texts.adapting(percentText(progress));
  if (phase === 'adapted') return texts.adapted;
  return reason === null ? null : texts.notAdapted(reason);
}

function Counters({ status: { counters, driftPpm, memoryBytes } }: { readonly status: LiveStatus }) {
  const texts = useTexts().health;
  const names = texts.counters;
  // The last one affects the display only.
  const rows: readonly (readonly [string, number, number | null, boolean?])[] = [
    [names.inputGaps, counters.inputGaps, counters.inputLostSamples],
    [names.outputGaps, counters.outputGaps, counters.outputLostSamples],
    [names.shortenings, counters.shortenings, counters.shortenedSamples],
    [names.overloads, counters.overloads, counters.bypassedSamples],
    [names.dryFallbacks, counters.dryFallbacks, counters.dryFallbackSamples],
    [names.engineRestarts, counters.engineRestarts, null],
    [names.restarts, counters.restarts, null],
    [names.clippedSamples, counters.clippedSamples, null],
    [names.invalidSamples, counters.invalidSamples, null],
    [names.recordingDroppedSamples, counters.recordingDroppedSamples, null],
    [names.telemetryDropped, counters.telemetryDropped, null, false],
  ];
  return (
    <section aria-label={names.name}>
      <h2>{texts.sinceStart}</h2>
      <dl class="pairs">
        {rows.map(([name, count, samples, isFault = true]) => (
          <>
            <dt>{name}</dt>
            <dd data-alarm={isFault && count > 0}>
              {countText(count)}
              {samples === null || samples === 0 ? null : <small> {texts.samples(samples)}</small>}
            </dd>
          </>
        ))}
        <dt>{texts.clockDrift}</dt>
        <dd>{decimalText(driftPpm, 1)} ppm</dd>
        <dt>{texts.memory}</dt>
        <dd>{bytesText(memoryBytes)}</dd>
      </dl>
    </section>
  );
}
