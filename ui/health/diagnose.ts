import type { Decibels } from '../../engine/core/units.ts';
import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { separability } from './separability.ts';

const MUCH_GAP = 0.1;
const ALIKE_SHARE = 0.2;
const LOUD_REST_DECIBELS: Decibels = -12;

/** Why a separation may be poor, in words; the likeliest first. */
export function diagnose(state: LiveState, status: LiveStatus, restDecibels: Decibels | null): string[] {
  const lines: string[] = [];
  const names = state.settings.speakers.map(({ preset }) => preset);
  if (names.length === 0) lines.push('No speaker is loaded: all sound goes to the rest.');
  if (names.length === 1) lines.push('Only one speaker is loaded: turn up Rest, or all sound is theirs.');
  if (status.overload !== 'none')
    lines.push('The machine is too slow for this setting: choose Call or Studio, or fewer iterations.');
  const alike = new Set<string>();
  for (const name of names) {
    const score = separability(state, name);
    if (score === null || score.share > ALIKE_SHARE || alike.has(score.other)) continue;
    alike.add(name);
    lines.push(`${name} and ${score.other} sound alike: expect leakage between them.`);
  }
  if (status.relativeGap > MUCH_GAP)
    lines.push('The solver stops early: more iterations would explain the sound better.');
  if (restDecibels !== null && restDecibels > LOUD_REST_DECIBELS) {
    lines.push('Much of the sound belongs to no loaded speaker: a voice may be missing.');
  }
  if (status.counters.clippedSamples > 0) lines.push('The input has clipped: turn the microphone down.');
  return lines.length === 0 ? ['Nothing stands in the way.'] : lines;
}
