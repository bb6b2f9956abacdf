import { describe, expect, it } from 'vitest';
import {
  FADER_LAW,
  linearLaw,
  logarithmicLaw,
  PERCENT_LAW,
  parseValue,
  roundToLaw,
} from '../../../ui/base/sliderLaw.ts';

const plain = (value: number) => String(value);
const laws = {
  fader: FADER_LAW,
  percent: PERCENT_LAW,
  linear: linearLaw({ minimum: 0.25, maximum: 8, step: 0.25 }, plain),
  logarithmic: logarithmicLaw({ minimum: 1, maximum: 200, step: 1, pageStep: 8 }, plain),
};

describe.each(Object.entries(laws))('%s', (_, law) => {
  it('travel and value are inverse functions that grow together', () => {
    expect(law.toTravel(law.minimum)).toBeCloseTo(0, 9);
    expect(law.toTravel(law.maximum)).toBeCloseTo(1, 9);
    let before = -1;
    for (let travel = 0; travel <= 1; travel += 0.01) {
      expect(law.toTravel(law.toValue(travel))).toBeCloseTo(travel, 9);
      expect(law.toValue(travel)).toBeGreaterThan(before - 1e9);
      before = law.toValue(travel);
    }
  });

  it('rounds into its range', () => {
    expect(roundToLaw(law, -1e9)).toBe(law.minimum);
    expect(roundToLaw(law, 1e9)).toBe(law.maximum);
  });
});

it('a fader gives most of its travel to loud levels', () => {
  expect(FADER_LAW.toTravel(0)).toBeCloseTo(0.72, 2);
  expect(FADER_LAW.toTravel(-20)).toBeGreaterThan(0.3);
  expect(FADER_LAW.format(-6)).toBe('−6.0 dB');
  expect(FADER_LAW.format(-0.02)).toBe('0.0 dB');
  expect(FADER_LAW.format(3)).toBe('+3.0 dB');
});

it.each([
  ['-6', -6],
  ['−6.5 dB', -6.5],
  ['+3', 3],
  ['.5', 0.5],
  ['1,5', 1.5],
  ['40 %', 0.4],
  ['loud', null],
  ['', null],
  ['-', null],
  ['Infinity', null],
  ['1e999', null],
])('reads "%s" as %s', (text, value) => expect(parseValue(text)).toBe(value));
