import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { checkRecording, joinSpeech, type Recording, trimPauses } from '../../../engine/trainer/speech.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const sampleRateHertz = 16_000;
const record = (name: string, samples: Float32Array): Recording => ({ name, samples, sampleRateHertz });
const voice = syntheticVoice(1, 120, 1, 4, sampleRateHertz);
const tone = (length: number, level: number) => Float32Array.from({ length }, (_, n) => level * Math.sin(n / 7));

describe('checkRecording', () => {
  it('accepts speech at low level and at full scale', () => {
    const peak = voice.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    checkRecording(
      record(
        'loud',
        voice.map((sample) => sample / peak),
      ),
    );
    checkRecording(
      record(
        'quiet',
        voice.map((sample) => sample / 300),
      ),
    );
  });

  it.each([
    ['empty', new Float32Array(0), 'contains no samples'],
    ['silent', new Float32Array(48_000), 'is silent'],
    ['nearly silent', tone(48_000, 1e-5), 'is silent'],
    ['constant', new Float32Array(48_000).fill(0.3), 'is constant'],
    ['not finite', tone(48_000, 0.5).fill(Number.NaN, 7, 8), 'sample 7 must be a finite number, got NaN'],
    ['clipped', tone(48_000, 3).map((sample) => Math.max(-1, Math.min(1, sample))), 'is clipped'],
  ])('rejects a recording that is %s, naming it', (name, samples, message) => {
    expect(() => checkRecording(record(`${name}.wav`, samples))).toThrow(`${name}.wav: ${message}`);
    expect(() => checkRecording(record(name, samples))).toThrow(InputError);
  });
});

describe('trimPauses', () => {
  it('removes pauses and keeps speech', () => {
    const pause = new Float32Array(2 * sampleRateHertz).map((_, n) => 1e-4 * Math.sin(n));
    const whole = Float32Array.from([
      ...pause,
      ...tone(sampleRateHertz, 0.3),
      ...pause,
      ...tone(sampleRateHertz, 0.1),
      ...pause,
    ]);
    const seconds = trimPauses(whole, sampleRateHertz).length / sampleRateHertz;
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(2.5);
    const all = trimPauses(whole, sampleRateHertz);
    for (const maximum of [0, 1, 1000, all.length, all.length + 1])
      expect(trimPauses(whole, sampleRateHertz, maximum)).toEqual(all.subarray(0, maximum));
  });
});

describe('joinSpeech', () => {
  it('joins recordings up to the requested duration', () => {
    const joined = joinSpeech([record('a', voice), record('b', voice)], 5);
    expect(joined.samples.length).toBe(5 * sampleRateHertz);
  });

  it('rejects too little speech, an empty list, and different sample rates', () => {
    expect(() => joinSpeech([record('a', tone(30_000, 0.3))], 60)).toThrow('(20 to 60 s are recommended), got 1.9 s');
    expect(() => joinSpeech([], 60)).toThrow('recordings must contain at least one recording, got 0');
    const other = { name: 'b', samples: voice, sampleRateHertz: 8000 };
    expect(() => joinSpeech([record('a', voice), other], 60)).toThrow(
      'b: sample rate must equal that of a, 16000 Hz, got 8000 Hz',
    );
  });
});
