import type { Hertz } from '../../../engine/core/units.ts';

const NAMES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'] as const;

/** Names the nearest note of the tempered scale (A4 = 440 Hz) and the deviation from it, such as "D3" or "A4 −12 ct". */
export function noteName(hertz: Hertz): string {
  const semitones = 69 + 12 * Math.log2(hertz / 440);
  const note = Math.round(semitones);
  const cents = Math.round(100 * (semitones - note));
  const name = `${NAMES[((note % 12) + 12) % 12]}${Math.floor(note / 12) - 1}`;
  return Math.abs(cents) < 5 ? name : `${name} ${cents < 0 ? '−' : '+'}${Math.abs(cents)} ct`;
}
