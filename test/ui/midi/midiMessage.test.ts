import { expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { parseMidi } from '../../../ui/midi/midiMessage.ts';

it.each([
  [[0xb0, 7, 127], { control: 'controller 7, channel 1', position: 1, isKey: false }],
  [[0xbf, 0, 0], { control: 'controller 0, channel 16', position: 0, isKey: false }],
  [[0xe2, 0x7f, 0x7f], { control: 'pitch bend, channel 3', position: 1, isKey: false }],
  [[0x90, 60, 1], { control: 'note 60, channel 1', position: 1, isKey: true }],
  [[0x90, 60, 0], { control: 'note 60, channel 1', position: 0, isKey: true }],
  [[0x80, 60, 64], { control: 'note 60, channel 1', position: 0, isKey: true }],
])('parses %j', (bytes, move) => {
  expect(parseMidi(Uint8Array.from(bytes))).toEqual(move);
});

it.each([[[]], [[0xf8]], [[0xfe]], [[0xc0, 5]], [[0xb0, 7]], [[0xf0, 1, 2, 0xf7]], [[0xb0, 200, 3]], [[0xb0, 3, 200]]])(
  'ignores %j',
  (bytes) => {
    expect(parseMidi(Uint8Array.from(bytes))).toBeNull();
  },
);

it('returns null or a position between 0 and 1 for any bytes', () => {
  const random = new Random(3);
  for (let trial = 0; trial < 10_000; trial++) {
    const bytes = Uint8Array.from({ length: Math.floor(random.uniform() * 5) }, () => random.uniform() * 256);
    const position = parseMidi(bytes)?.position ?? 0;
    expect(position >= 0 && position <= 1).toBe(true);
  }
});
