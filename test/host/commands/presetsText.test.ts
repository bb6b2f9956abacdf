import { describe, expect, it } from 'vitest';
import { type ListedPreset, presetsText } from '../../../host/commands/presetsText.ts';
import { displayWidth } from '../../../host/files/displayWidth.ts';

const ann: ListedPreset = {
  name: 'ann',
  origin: 'own',
  isStranger: false,
  isDamaged: false,
  details: '64 templates, 59 s at 16000 Hz, evidence, recorded in the kitchen by a friend',
};
const strangers = ['s1', 's2'].map((name) => ({ ...ann, name, origin: 'bundled', isStranger: true }));

describe('the list of presets', () => {
  it('folds strangers into one line with their number, unless all are asked for', () => {
    const folded = presetsText([ann, ...strangers], null, false).split('\n');
    expect(folded).toEqual([
      `ann  own  ${ann.details}`,
      'and 2 bundled voices of strangers: unmingle presets list --all',
    ]);
    expect(presetsText([ann, ...strangers], null, true).split('\n')).toHaveLength(3);
    expect(presetsText([ann, strangers[0]!], null, false)).toContain('s1 ');
  });

  it('has one line a preset, within the terminal and in columns, whatever the script of the names', () => {
    const names = ['山田 太郎', 'Zoë'.normalize('NFD'), 'a'.repeat(64), 'Анна'];
    const lines = presetsText(
      names.map((name) => ({ ...ann, name })),
      80,
      false,
    ).split('\n');
    expect(lines).toHaveLength(names.length);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    const places = lines.map((line) => displayWidth(line.slice(0, line.indexOf(' own '))));
    expect(new Set(places).size).toBe(1);
  });

  it('does not cut the reason why a preset is damaged', () => {
    const details = `damaged: ${'reason '.repeat(20)}`;
    expect(presetsText([{ ...ann, isDamaged: true, details }], 80, false)).toContain(details.trimEnd());
  });
});
