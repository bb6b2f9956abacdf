import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../engine/kernel/Kernel.ts';

describe('Kernel', () => {
  it('runs WebAssembly in this environment, not the JavaScript fallback', () => {
    expect(Kernel.bestVariant()).not.toBe('javascript');
  });

  it('allocates aligned, zeroed, disjoint arrays, and rejects allocations beyond its capacity', () => {
    const kernel = new Kernel(Kernel.bytesFor(5) + Kernel.bytesFor(100), 'javascript');
    const first = kernel.float32(5);
    const second = kernel.float32(100);
    first.values.fill(1);
    expect(second.values.every((value) => value === 0)).toBe(true);
    expect(second.address % 64).toBe(0);
    expect(() => kernel.float32(1)).toThrow('too small');
  });

  it('allocates zeroed arrays from the start again after it was cleared', () => {
    const kernel = new Kernel(2 * Kernel.bytesFor(100));
    const first = kernel.float32(100);
    first.values.fill(1);
    kernel.float32(50).values.fill(2);
    kernel.clear();
    const again = kernel.float32(200);
    expect(again.address).toBe(first.address);
    expect(again.values.every((value) => value === 0)).toBe(true);
  });

  it('rejects a capacity out of range', () => {
    expect(() => new Kernel(-1)).toThrow('capacityBytes must be between 0 and');
    expect(() => new Kernel(2 ** 40)).toThrow('capacityBytes');
  });
});
