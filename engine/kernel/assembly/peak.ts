// Benchmark only: peak rate of multiply-adds of this machine's WebAssembly, without memory access; the reference for the kernel's speed.

import { multiplyAdd } from './vector';

/** Runs 12 independent chains of four-lane multiply-adds, `rounds` times. @returns a value that depends on all chains */
export function multiplyAddPeak(rounds: i32): f32 {
  const factor = f32x4.splat(0.999999);
  const term = f32x4.splat(0.000001);
  let a = f32x4.splat(1);
  let b = f32x4.splat(2);
  let c = f32x4.splat(3);
  let d = f32x4.splat(4);
  let e = f32x4.splat(5);
  let f = f32x4.splat(6);
  let g = f32x4.splat(7);
  let h = f32x4.splat(8);
  let i = f32x4.splat(9);
  let j = f32x4.splat(10);
  let k = f32x4.splat(11);
  let l = f32x4.splat(12);
  for (let round = 0; round < rounds; round++) {
    a = multiplyAdd(a, factor, term);
    b = multiplyAdd(b, factor, term);
    c = multiplyAdd(c, factor, term);
    d = multiplyAdd(d, factor, term);
    e = multiplyAdd(e, factor, term);
    f = multiplyAdd(f, factor, term);
    g = multiplyAdd(g, factor, term);
    h = multiplyAdd(h, factor, term);
    i = multiplyAdd(i, factor, term);
    j = multiplyAdd(j, factor, term);
    k = multiplyAdd(k, factor, term);
    l = multiplyAdd(l, factor, term);
  }
  const ab = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  const ef = f32x4.add(f32x4.add(e, f), f32x4.add(g, h));
  const ij = f32x4.add(f32x4.add(i, j), f32x4.add(k, l));
  return f32x4.extract_lane(f32x4.add(f32x4.add(ab, ef), ij), 0);
}
