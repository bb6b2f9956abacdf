import { afterEach, describe, expect, it } from 'vitest';
import { LANGUAGES, type Language, language$, preferredLanguage } from '../../../ui/base/language.ts';
import {
  bytesText,
  clockText,
  countText,
  decibelText,
  decimalText,
  millisecondsText,
  percentText,
  shortNumberText,
  significantText,
} from '../../../ui/base/numberText.ts';
import { FADER_LAW, parseValue } from '../../../ui/base/sliderLaw.ts';

afterEach(() => language$.next('en'));

function inLanguage<T>(language: Language, read: () => T): T {
  language$.next(language);
  return read();
}

describe('numbers', () => {
  it('have a decimal point in English and a decimal comma in German', () => {
    const all = () => [
      decibelText(-18),
      millisecondsText(0.0325),
      bytesText(1.31e8),
      bytesText(2.5e9),
      decimalText(2, 2),
      shortNumberText(22.05),
      shortNumberText(48),
      significantText(0.01234),
      percentText(0.4),
      countText(12_345),
      clockText(3661),
    ];
    expect(inLanguage('en', all)).toEqual([
      '−18.0 dB',
      '32.5 ms',
      '131.0 MB',
      '2.50 GB',
      '2.00',
      '22.05',
      '48',
      '0.0123',
      '40 %',
      '12 345',
      '1:01:01',
    ]);
    expect(inLanguage('de', all)).toEqual([
      '−18,0 dB',
      '32,5 ms',
      '131,0 MB',
      '2,50 GB',
      '2,00',
      '22,05',
      '48',
      '0,0123',
      '40 %',
      '12 345',
      '1:01:01',
    ]);
  });

  it.each(LANGUAGES)('that a fader shows can be typed again (%s)', (language) => {
    language$.next(language);
    for (const value of [-60, -18.5, -0.3, 0, 3.1, 12]) {
      expect(parseValue(FADER_LAW.format(value))).toBe(value);
    }
  });
});

it.each([
  [['de-AT', 'en'], 'de'],
  [['fr-FR', 'DE'], 'de'],
  [['en-GB', 'de'], 'en'],
  [['fr', 'ja'], 'en'],
  [['den'], 'en'],
  [[], 'en'],
])('a user who prefers %j reads %s', (tags, language) => expect(preferredLanguage(tags)).toBe(language));
