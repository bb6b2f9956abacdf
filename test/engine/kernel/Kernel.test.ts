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

  it('rejects a capacity out of range', () => {
    expect(() => new Kernel(-1)).toThrow('capacityBytes must be between 0 and');
    expect(() => new Kernel(2 ** 40)).toThrow('capacityBytes');
  });
});
