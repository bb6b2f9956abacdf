import { expect, it } from 'vitest';
import { bytesToInt16, int16ToBytes } from '../../../engine/core/littleEndian.ts';

const VALUES = Int16Array.of(0, 1, -1, 258, 32_767, -32_768);

it('writes the low byte of each integer first', () => {
  expect(Array.from(int16ToBytes(Int16Array.of(0x0102, -2)))).toEqual([2, 1, 0xfe, 0xff]);
});

it('reads back what it wrote, from an odd offset as well', () => {
  const bytes = int16ToBytes(VALUES);
  expect(bytesToInt16(bytes)).toEqual(VALUES);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(bytesToInt16(shifted.subarray(1))).toEqual(VALUES);
});
