import type { Decibels } from '../../engine/core/units.ts';
import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { separability } from '../model/separability.ts';
import { counterFindings } from './counterFindings.ts';

/** Relative gap above which more iterations are recommended. */
const LARGE_GAP = 0.1;
/** Separability up to which two voices count as similar. */
const SIMILAR_SHARE = 0.2;
const MOST_PAIRS = 3;
/** Level of the rest relative to the input above which a voice is probably missing. */
const LOUD_REST_DECIBELS: Decibels = -12;

/**
 * Likely causes of poor separation, most likely first, then the faults since the start, as sentences; empty if no problem is detected.
 * @param restDecibels level of the rest relative to the input; null: the rest is off
 */
export function diagnose(state: LiveState, status: LiveStatus, restDecibels: Decibels | null): string[] {
  const lines: string[] = [];
  const names = state.settings.speakers.map(({ preset }) => preset);
  if (names.length === 0) lines.push('No speaker loaded: all sound goes to Rest.');
  if (names.length === 1 && state.settings.parameters.rest === 0)
    lines.push('Only one speaker loaded, so it gets all the sound. Load “background” too, or turn up Rest.');
  if (status.overload !== 'none')
    lines.push('This computer is too slow for these settings. Choose Call or Studio, or fewer iterations.');
  for (const [name, other] of similarPairs(state, names).slice(0, MOST_PAIRS)) {
    lines.push(`${name} and ${other} sound similar: expect leakage.`);
  }
  if (status.relativeGap > LARGE_GAP) lines.push('The solver stops early. More iterations may improve the separation.');
  if (restDecibels !== null && restDecibels > LOUD_REST_DECIBELS) {
    lines.push('Much of the sound matches no loaded speaker. A voice may be missing.');
  }
  return [...lines, ...counterFindings(status.counters)];
}

/** Pairs of voices that are hard to separate, most similar first, each pair once. */
function similarPairs(state: LiveState, names: readonly string[]): [string, string][] {
  const scores = names
    .flatMap((name) => {
      const score = separability(state, name);
      return score !== null && score.share <= SIMILAR_SHARE ? [{ name, ...score }] : [];
    })
    .sort((one, another) => one.share - another.share);
  const pairs = new Map<string, [string, string]>();
  for (const { name, other } of scores) {
    const key = [name, other].sort().join('\n');
    if (!pairs.has(key)) pairs.set(key, [name, other]);
  }
  return [...pairs.values()];
}
