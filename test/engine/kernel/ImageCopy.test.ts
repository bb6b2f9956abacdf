import { expect, it } from 'vitest';
import { ImageCopy } from '../../../engine/kernel/ImageCopy.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { KernelPool } from '../../../engine/kernel/KernelPool.ts';

const LENGTH = 200_000;

it('gives another kernel the values of an image, without calling its fill functions', () => {
  const source = new Kernel(Kernel.bytesFor(LENGTH), 'javascript');
  const { address } = source.filled(LENGTH, (values) => values.set(Float32Array.from({ length: LENGTH }, (_, n) => n)));
  const target = new KernelPool().take(source.image().byteLength);
  const copied = target.filled(LENGTH, () => expect.unreachable());
  expect(copied.address).toBe(address);
  const copy = new ImageCopy(target, source.image());
  expect(copied.values[1]).toBe(0);
  for (; !copy.isDone; copy.copyTile());
  // 64 bytes before the array, and 256 KiB a tile.
  expect(copy.copied).toBe(Math.ceil((LENGTH + 16) / 65_536));
  expect(copied.values.every((value, n) => value === n)).toBe(true);
  copy.copyTile();
  expect(copy.isDone).toBe(true);
});

it('a pool returns kernels that are large enough, and keeps the two largest', () => {
  const pool = new KernelPool('javascript');
  const [small, middle, large] = [1000, 5000, 9000].map((bytes) => pool.take(bytes));
  for (const kernel of [small, middle, large]) if (kernel !== undefined) pool.give(kernel);
  expect(pool.take(6000)).toBe(large);
  expect(pool.take(500)).toBe(middle);
  expect([small, middle, large]).not.toContain(pool.take(500));
});

it('a pool with a reservation allocates nothing for two chains', () => {
  const pool = new KernelPool('javascript');
  pool.reserve(10_000);
  expect(pool.take(10_000).capacityBytes).toBe(10_000);
  expect(pool.take(1).capacityBytes).toBe(10_000);
  expect(pool.take(1).capacityBytes).toBe(1);
});
