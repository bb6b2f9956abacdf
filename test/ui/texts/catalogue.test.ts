import { afterEach, describe, expect, it } from 'vitest';
import { language$ } from '../../../ui/base/language.ts';
import { counterFindings } from '../../../ui/health/counterFindings.ts';
import { controlLabel } from '../../../ui/midi/midiMessage.ts';
import { targetLabel } from '../../../ui/midi/midiTargets.ts';
import { CATALOGUE } from '../../../ui/texts/catalogue.ts';
import { currentTexts } from '../../../ui/texts/useTexts.ts';
import { simulatedState, simulatedStatus } from '../simulatedState.ts';
import { flatTexts, PARAMETER } from './flatTexts.ts';

/** Words that are the same in German: loanwords of audio, names, keys and letters on buttons. */
const SAME = [
  ...['Live', 'Master', 'Rest', 'Wet', 'Bypass', 'Send', 'Mono', 'Monitor', 'Studio', 'Pause', 'Presets', 'Name'],
  ...['Training', 'Template', 'Templates', 'Log', 'Linear', 'MIDI', 'PortAudio', 'Web Audio, JACK, PipeWire'],
  ...['M', 'S', 'auto', '← →', `1 … ${PARAMETER}`],
];

describe('the German texts', () => {
  const english = flatTexts(CATALOGUE.en);
  const german = new Map(flatTexts(CATALOGUE.de).map(({ path, text }) => [path, text]));

  it('differ from the English ones, except those that are the same word', () => {
    const same = english.filter(({ path, text }) => german.get(path) === text && !SAME.includes(text));
    expect(same).toEqual([]);
  });

  it('have the parameters, the ellipsis and the full stop of the English ones', () => {
    const marks = (text: string) => [text.split(PARAMETER).length - 1, /[.…]$/.exec(text)?.[0]];
    for (const { path, text } of english)
      expect([path, ...marks(german.get(path) ?? '')]).toEqual([path, ...marks(text)]);
  });

  it('are about as long as the English ones', () => {
    const short = english.filter(({ text }) => text.length <= 12);
    const long = short.filter(({ path, text }) => (german.get(path)?.length ?? 0) > 2.2 * text.length + 6);
    expect(long).toEqual([]);
    const letters = (texts: Iterable<string>) => [...texts].join('').length;
    expect(letters(german.values()) / letters(english.map(({ text }) => text))).toBeLessThan(1.2);
  });
});

describe('in German', () => {
  afterEach(() => language$.next('en'));

  it('findings, MIDI controls and targets are German', () => {
    const { settings } = simulatedState(['Ann']);
    const counters = { ...simulatedStatus(1).counters, outputGaps: 1, overloads: 1234 };
    language$.next('de');
    expect(currentTexts()).toBe(CATALOGUE.de);
    expect(counterFindings(counters)).toEqual([
      expect.stringMatching(/^Der Ausgang war einmal still/),
      expect.stringMatching(/^Die Trennung wurde 1 234-mal reduziert/),
    ]);
    expect(controlLabel('nano: 2: controller 7, channel 1')).toBe('nano: 2: Controller 7, Kanal 1');
    expect(controlLabel('nano: pitch bend, channel 16')).toBe('nano: Pitch-Bend, Kanal 16');
    expect(targetLabel('speaker 1 mute', settings)).toBe('Ann, stumm');
    expect(targetLabel('speaker 3 level', settings)).toBe('Stimme 3, Pegel (leer)');
  });

  it('a noun follows its count', () => {
    for (const [language, one, other] of [
      ['en', '1 sample', '0 samples'],
      ['de', '1 Sample', '0 Samples'],
    ] as const) {
      language$.next(language);
      const { samples } = currentTexts().health;
      expect([samples(1), samples(0)]).toEqual([one, other]);
    }
  });
});

it('a MIDI target of an empty strip is named by its slot, an unknown one by itself', () => {
  const { settings } = simulatedState([]);
  expect(targetLabel('speaker 2 level', settings)).toBe('Speaker 2 level (empty)');
  expect(targetLabel('of another version', settings)).toBe('of another version');
  expect(controlLabel('of another version')).toBe('of another version');
});
