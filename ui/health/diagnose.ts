import type { Decibels } from '../../engine/core/units.ts';
import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { separability } from '../model/separability.ts';

const MUCH_GAP = 0.1;
const ALIKE_SHARE = 0.2;
const MOST_PAIRS = 3;
const LOUD_REST_DECIBELS: Decibels = -12;

/** Why a separation may be poor, in words, the likeliest first; none where nothing is known to be wrong. */
export function diagnose(state: LiveState, status: LiveStatus, restDecibels: Decibels | null): string[] {
  const lines: string[] = [];
  const names = state.settings.speakers.map(({ preset }) => preset);
  if (names.length === 0) lines.push('No speaker is loaded: all sound goes to the rest.');
  if (names.length === 1 && state.settings.parameters.rest === 0)
    lines.push('Only one speaker is loaded: load background as well, or turn up Rest, or all sound is theirs.');
  if (status.overload !== 'none')
    lines.push('The machine is too slow for this setting: choose Call or Studio, or fewer iterations.');
  for (const [name, other] of alikePairs(state, names).slice(0, MOST_PAIRS)) {
    lines.push(`${name} and ${other} sound alike: expect leakage between them.`);
  }
  if (status.relativeGap > MUCH_GAP)
    lines.push('The solver stops early: more iterations would explain the sound better.');
  if (restDecibels !== null && restDecibels > LOUD_REST_DECIBELS) {
    lines.push('Much of the sound belongs to no loaded speaker: a voice may be missing.');
  }
  if (status.counters.clippedSamples > 0) lines.push('The input has clipped: turn the microphone down.');
  return lines;
}

/** The most alike first, each pair once. */
function alikePairs(state: LiveState, names: readonly string[]): [string, string][] {
  const scores = names
    .map((name) => ({ name, score: separability(state, name) }))
    .filter(({ score }) => score !== null && score.share <= ALIKE_SHARE)
    .sort((one, other) => one.score!.share - other.score!.share);
  const pairs = new Map<string, [string, string]>();
  for (const { name, score } of scores) {
    const key = [name, score!.other].sort().join('\n');
    if (!pairs.has(key)) pairs.set(key, [name, score!.other]);
  }
  return [...pairs.values()];
}
