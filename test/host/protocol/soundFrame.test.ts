import { expect, it } from 'vitest';
import { decodeSoundFrame, encodeSoundFrame } from '../../../host/protocol/soundFrame.ts';

it('a frame arrives with its rate and its samples, limited to full scale', () => {
  const frame = decodeSoundFrame(encodeSoundFrame(Float32Array.of(0, 0.5, -1, 3), 44_100).buffer)!;
  expect(frame.sampleRateHertz).toBe(44_100);
  for (const [n, value] of [0, 0.5, -1, 1].entries()) expect(frame.samples[n]).toBeCloseTo(value, 4);
});

it.each([
  ['too short', new Uint8Array(7)],
  ['half a sample', new Uint8Array(9)],
  ['another version', Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0)],
  ['no rate', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)],
  ['too long', encodeSoundFrame(new Float32Array(2 ** 19 + 1), 48_000)],
])('bytes that are no frame are refused: %s', (_, bytes) => {
  expect(decodeSoundFrame(bytes.buffer as ArrayBuffer)).toBeNull();
});
