import type { Decibels, Seconds } from '../../engine/core/units.ts';
import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { mostSimilarVoice } from '../model/mostSimilarVoice.ts';
import { currentTexts } from '../texts/useTexts.ts';
import { counterFindings } from './counterFindings.ts';

/** From here on, leakage is expected. */
const HIGH_SIMILARITY = 0.8;
const MOST_PAIRS = 3;
/** Delay outside the separation above which talking is a nuisance. */
const LONG_DELAY_SECONDS: Seconds = 0.25;
/** Level of the rest relative to the input above which a voice is probably missing. */
const LOUD_REST_DECIBELS: Decibels = -12;

/** Levels that the page has measured. */
export interface MeasuredLevels {
  /** Of the rest relative to the input; null: the rest is off. */
  readonly restDecibels: Decibels | null;
  /** Whether nothing has come in for some seconds. */
  readonly isInputSilent: boolean;
}

/**
 * What a listener notices, most severe first: no sound, delay, poor separation with its likely causes, then the faults of the last minute.
 * @param status with the counters of the last minute
 * @returns sentences; empty if no problem is detected
 */
export function diagnose(
  state: LiveState,
  status: LiveStatus,
  { restDecibels, isInputSilent }: MeasuredLevels,
): string[] {
  const texts = currentTexts().health.findings;
  const lines: string[] = [];
  if (state.phase !== 'running') lines.push(state.problem ?? texts.noDevice);
  else if (isInputSilent && state.backend !== 'file') lines.push(texts.deadInput(state.inputName ?? ''));
  if (status.latency.totalSeconds - status.latency.algorithmSeconds > LONG_DELAY_SECONDS)
    lines.push(texts.longDelay(Math.round(status.latency.totalSeconds * 1000)));
  const names = state.settings.speakers.map(({ preset }) => preset);
  if (names.length === 0) lines.push(texts.noSpeaker);
  if (names.length === 1 && state.settings.parameters.rest === 0) lines.push(texts.oneSpeaker);
  if (status.overload !== 'none') lines.push(texts.overload);
  for (const [name, other] of similarPairs(state, names).slice(0, MOST_PAIRS)) {
    lines.push(texts.similar(name, other));
  }
  if (restDecibels !== null && restDecibels > LOUD_REST_DECIBELS) lines.push(texts.loudRest);
  return [...lines, ...counterFindings(status.counters)];
}

/** Pairs of voices that are hard to separate, most similar first, each pair once. */
function similarPairs(state: LiveState, names: readonly string[]): [string, string][] {
  const scores = names
    .flatMap((name) => {
      const most = mostSimilarVoice(state, name);
      return most !== null && most.similarity >= HIGH_SIMILARITY
        ? [{ name, other: most.name, similarity: most.similarity }]
        : [];
    })
    .sort((one, another) => another.similarity - one.similarity);
  const pairs = new Map<string, [string, string]>();
  for (const { name, other } of scores) {
    const key = [name, other].sort().join('\n');
    if (!pairs.has(key)) pairs.set(key, [name, other]);
  }
  return [...pairs.values()];
}
