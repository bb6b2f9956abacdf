import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import {
  evidenceFrames,
  evidenceHash,
  evidenceSpectrum,
  MAXIMUM_EVIDENCE_BYTES,
  parseEvidence,
  quantizeEvidence,
  serializeEvidence,
} from '../../../engine/model/SpeakerEvidence.ts';

const BINS = 129;
const random = new Random(9);
/** Smooth over frequency, 40 dB from the strongest bin to the weakest. */
const spectra = Array.from({ length: 20 }, () => {
  const peak = random.between(0.5, 2);
  return Float32Array.from({ length: BINS }, (_, bin) => peak * 10 ** ((-2 * bin) / BINS));
});
const evidence = quantizeEvidence('ann', 62.5, spectra);
const text = serializeEvidence(evidence);

describe('evidence', () => {
  it('is read back from its file unchanged, whatever the name of the speaker', () => {
    const read = parseEvidence(text);
    expect(read).toEqual(evidence);
    expect(serializeEvidence(read)).toBe(text);
    expect(evidenceHash({ ...read, name: 'bob' })).toBe(evidenceHash(evidence));
  });

  it('stores levels to about 2 dB: half a step of 60 / 14 dB', () => {
    spectra.forEach((spectrum, frame) => {
      const kept = evidenceSpectrum(evidence, frame);
      expect(kept).toHaveLength(BINS);
      for (let bin = 0; bin < BINS; bin++)
        expect(Math.abs(20 * Math.log10(kept[bin]! / spectrum[bin]!))).toBeLessThan(3);
    });
  });

  it('rejects a frame that does not exist', () => {
    expect(() => evidenceSpectrum(evidence, evidence.frames)).toThrow('frame must be an integer between 0 and');
  });

  it('stores silence as silence', () => {
    const silent = quantizeEvidence('ann', 62.5, [new Float32Array(BINS), spectra[0]!]);
    expect(Math.max(...evidenceSpectrum(silent, 0))).toBeLessThan(1e-4);
  });

  it.each([129, 513, 1537, 3073])('stays within 300 kB with as many frames as fit, %s bins', (bins) => {
    const full = new Float32Array(bins).map(() => random.uniform());
    const largest = quantizeEvidence(
      'a'.repeat(64),
      15.625,
      Array.from({ length: evidenceFrames(bins) }, () => full),
    );
    const length = serializeEvidence(largest).length;
    expect(length).toBeLessThanOrEqual(MAXIMUM_EVIDENCE_BYTES);
    expect(length).toBeGreaterThan(0.5 * MAXIMUM_EVIDENCE_BYTES);
  });
});

describe('a damaged file', () => {
  const changed = (changes: object) => JSON.stringify({ ...JSON.parse(text), ...changes });

  it('is rejected with the path of the field', () => {
    const cases: [string, string][] = [
      [text.slice(0, 200), 'not valid JSON'],
      [changed({ format: 'unmingle-preset' }), 'evidence.format: must be "unmingle-evidence"'],
      [
        changed({ version: 7 }),
        'evidence.version: the file was made by a newer version of the program, in format 7; this version reads format 1, update it',
      ],
      [changed({ name: '../ann' }), 'preset name must be'],
      [changed({ edges: [0, 5, 5] }), 'evidence.edges: must be a list of at least two integers that rises from 0'],
      [changed({ edges: 'all' }), 'evidence.edges: must be a list'],
      [changed({ frames: 1e9 }), 'evidence.frames: must be an integer between 1 and'],
      [changed({ frames: 19 }), 'evidence.peaks: must be base64 of 19 bytes'],
      [changed({ levels: '!!!!' }), 'evidence.levels: must be base64'],
      [changed({ binHertz: 0 }), 'evidence.binHertz: must be a number between'],
      [changed({ binHertz: 62 }), 'evidence.sha256: must be the hash of the spectra'],
      ['x'.repeat(MAXIMUM_EVIDENCE_BYTES + 1), 'evidence must be at most 300000 bytes'],
    ];
    for (const [damaged, message] of cases) {
      expect(() => parseEvidence(damaged)).toThrow(message);
      expect(() => parseEvidence(damaged)).toThrow(InputError);
    }
  });

  it('throws nothing but InputError, whichever byte is changed', () => {
    for (let round = 0; round < 300; round++) {
      const at = random.integer(text.length);
      const damaged = text.slice(0, at) + String.fromCharCode(random.integer(128)) + text.slice(at + 1);
      try {
        const { edges, frames, levels } = parseEvidence(damaged);
        expect(levels.length).toBe(frames * (edges.length - 1));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  });
});
