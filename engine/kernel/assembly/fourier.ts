// Real discrete Fourier transform of even size N through a complex one of size N / 2: self-sorting (Stockham) passes of radix 4, 2, 3 and
// 5 between two pairs of planes (real and imaginary parts apart). After a first pass of radix 4 the inner loops process four neighbours
// at once.

import { butterfly2, butterfly3, butterfly4, butterfly5, transposeTo, turnIm, turnRe } from './butterflies';
import { multiplyAdd } from './vector';

/** Splits `count` interleaved pairs into two planes. */
function split(pairs: usize, re: usize, im: usize, count: usize): void {
  let n: usize = 0;
  for (; n + 4 <= count; n += 4) {
    const a = v128.load(pairs + (n << 3), 0);
    const b = v128.load(pairs + (n << 3), 16);
    v128.store(re + (n << 2), v128.shuffle<f32>(a, b, 0, 2, 4, 6));
    v128.store(im + (n << 2), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
  }
  for (; n < count; n++) {
    store<f32>(re + (n << 2), load<f32>(pairs + (n << 3), 0));
    store<f32>(im + (n << 2), load<f32>(pairs + (n << 3), 4));
  }
}

/** Joins two planes into `count` interleaved pairs, multiplied by `scale`. */
function join(re: usize, im: usize, pairs: usize, count: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  let n: usize = 0;
  for (; n + 4 <= count; n += 4) {
    const a = f32x4.mul(v128.load(re + (n << 2)), factor);
    const b = f32x4.mul(v128.load(im + (n << 2)), factor);
    v128.store(pairs + (n << 3), v128.shuffle<f32>(a, b, 0, 4, 1, 5), 0);
    v128.store(pairs + (n << 3), v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
  }
  for (; n < count; n++) {
    store<f32>(pairs + (n << 3), load<f32>(re + (n << 2)) * scale, 0);
    store<f32>(pairs + (n << 3), load<f32>(im + (n << 2)) * scale, 4);
  }
}

function pass2(re: usize, im: usize, toRe: usize, toIm: usize, groups: usize, stride: usize, twiddles: usize): void {
  const rowBytes = stride << 2;
  const step = groups * rowBytes;
  for (let k: usize = 0; k < groups; k++) {
    const wr = v128.load32_splat(twiddles + (k << 2));
    const wi = v128.load32_splat(twiddles + ((groups + k) << 2));
    const from = k * rowBytes;
    const to = from << 1;
    let q: usize = 0;
    for (; q + 16 <= rowBytes; q += 16)
      butterfly2(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, wr, wi, true);
    for (; q < rowBytes; q += 4)
      butterfly2(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, wr, wi, false);
  }
}

function pass3(re: usize, im: usize, toRe: usize, toIm: usize, groups: usize, stride: usize, twiddles: usize): void {
  const rowBytes = stride << 2;
  const step = groups * rowBytes;
  const plane = groups << 2;
  for (let k: usize = 0; k < groups; k++) {
    const w = twiddles + (k << 2);
    const from = k * rowBytes;
    const to = from * 3;
    let q: usize = 0;
    for (; q + 16 <= rowBytes; q += 16)
      butterfly3(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, true);
    for (; q < rowBytes; q += 4)
      butterfly3(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, false);
  }
}

function pass4(re: usize, im: usize, toRe: usize, toIm: usize, groups: usize, stride: usize, twiddles: usize): void {
  const rowBytes = stride << 2;
  const step = groups * rowBytes;
  const plane = groups << 2;
  for (let k: usize = 0; k < groups; k++) {
    const w = twiddles + (k << 2);
    const from = k * rowBytes;
    const to = from << 2;
    let q: usize = 0;
    for (; q + 16 <= rowBytes; q += 16)
      butterfly4(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, true);
    for (; q < rowBytes; q += 4)
      butterfly4(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, false);
  }
}

/** First pass of radix 4, stride 1: computes four butterflies side by side and transposes their outputs on storing. */
function firstPass4(re: usize, im: usize, toRe: usize, toIm: usize, groups: usize, twiddles: usize): void {
  const step = groups << 2;
  let k: usize = 0;
  for (; k + 4 <= groups; k += 4) {
    const at = k << 2;
    const ar = v128.load(re + at);
    const ai = v128.load(im + at);
    const br = v128.load(re + at + step);
    const bi = v128.load(im + at + step);
    const cr = v128.load(re + at + 2 * step);
    const ci = v128.load(im + at + 2 * step);
    const dr = v128.load(re + at + 3 * step);
    const di = v128.load(im + at + 3 * step);
    const acr = f32x4.add(ar, cr);
    const aci = f32x4.add(ai, ci);
    const bdr = f32x4.add(br, dr);
    const bdi = f32x4.add(bi, di);
    const amr = f32x4.sub(ar, cr);
    const ami = f32x4.sub(ai, ci);
    const bmr = f32x4.sub(br, dr);
    const bmi = f32x4.sub(bi, di);
    const w = twiddles + at;
    const w1r = v128.load(w);
    const w1i = v128.load(w + step);
    const w2r = v128.load(w + 2 * step);
    const w2i = v128.load(w + 3 * step);
    const w3r = v128.load(w + 4 * step);
    const w3i = v128.load(w + 5 * step);
    const o1r = f32x4.add(amr, bmi);
    const o1i = f32x4.sub(ami, bmr);
    const o2r = f32x4.sub(acr, bdr);
    const o2i = f32x4.sub(aci, bdi);
    const o3r = f32x4.sub(amr, bmi);
    const o3i = f32x4.add(ami, bmr);
    transposeTo(
      toRe + (at << 2),
      f32x4.add(acr, bdr),
      turnRe(o1r, o1i, w1r, w1i),
      turnRe(o2r, o2i, w2r, w2i),
      turnRe(o3r, o3i, w3r, w3i),
    );
    transposeTo(
      toIm + (at << 2),
      f32x4.add(aci, bdi),
      turnIm(o1r, o1i, w1r, w1i),
      turnIm(o2r, o2i, w2r, w2i),
      turnIm(o3r, o3i, w3r, w3i),
    );
  }
  for (; k < groups; k++) {
    const at = k << 2;
    butterfly4(re + at, im + at, step, toRe + (at << 2), toIm + (at << 2), 4, twiddles + at, step, false);
  }
}

function pass5(re: usize, im: usize, toRe: usize, toIm: usize, groups: usize, stride: usize, twiddles: usize): void {
  const rowBytes = stride << 2;
  const step = groups * rowBytes;
  const plane = groups << 2;
  for (let k: usize = 0; k < groups; k++) {
    const w = twiddles + (k << 2);
    const from = k * rowBytes;
    const to = from * 5;
    let q: usize = 0;
    for (; q + 16 <= rowBytes; q += 16)
      butterfly5(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, true);
    for (; q < rowBytes; q += 4)
      butterfly5(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, false);
  }
}

/**
 * Runs all passes of a complex transform, starting from the first pair of planes; each pass writes into the other pair.
 * @param plan [passes] radix of each pass, 32-bit integers
 * @param twiddles factors of all passes, as `RealFft` writes them
 * @returns 0 if the result lies in the first pair of planes, 1 if in the second
 */
function transform(
  re: usize,
  im: usize,
  otherRe: usize,
  otherIm: usize,
  size: usize,
  plan: usize,
  passes: usize,
  twiddles: usize,
): i32 {
  let stride: usize = 1;
  let length = size;
  for (let pass: usize = 0; pass < passes; pass++) {
    const radix = <usize>load<u32>(plan + (pass << 2));
    const groups = length / radix;
    if (radix === 4) {
      if (stride === 1) firstPass4(re, im, otherRe, otherIm, groups, twiddles);
      else pass4(re, im, otherRe, otherIm, groups, stride, twiddles);
    } else if (radix === 2) pass2(re, im, otherRe, otherIm, groups, stride, twiddles);
    else if (radix === 3) pass3(re, im, otherRe, otherIm, groups, stride, twiddles);
    else pass5(re, im, otherRe, otherIm, groups, stride, twiddles);
    twiddles += ((radix - 1) * groups) << 3;
    stride *= radix;
    length = groups;
    const swappedRe = re;
    const swappedIm = im;
    re = otherRe;
    im = otherIm;
    otherRe = swappedRe;
    otherIm = swappedIm;
  }
  return <i32>(passes & 1);
}

/** Four consecutive numbers in reverse order. */
// @inline
function reversed(at: usize): v128 {
  const x = v128.load(at);
  return v128.shuffle<f32>(x, x, 3, 2, 1, 0);
}

/**
 * samples [2 * half] -> spectrum [half + 1], interleaved real and imaginary parts, unnormalised.
 * @param half half the size of the transform, N / 2
 * @param turns [2 * half] cos(2 pi k / N) for k = 0 to half - 1, then sin
 * @param work four planes of `half` numbers
 */
export function forwardFft(
  samples: usize,
  spectrum: usize,
  half: usize,
  plan: usize,
  passes: usize,
  twiddles: usize,
  turns: usize,
  work: usize,
): void {
  const plane = half << 2;
  split(samples, work, work + plane, half);
  const side = <usize>transform(work, work + plane, work + 2 * plane, work + 3 * plane, half, plan, passes, twiddles);
  const re = work + side * 2 * plane;
  const im = re + plane;
  const dcRe = load<f32>(re);
  const dcIm = load<f32>(im);
  store<f32>(spectrum, dcRe + dcIm, 0);
  store<f32>(spectrum, 0, 4);
  store<f32>(spectrum + (half << 3), dcRe - dcIm, 0);
  store<f32>(spectrum + (half << 3), 0, 4);
  const scale = f32x4.splat(0.5);
  let k: usize = 1;
  for (; k + 4 <= half; k += 4) {
    const at = k << 2;
    const mirror = (half - k - 3) << 2;
    const zr = v128.load(re + at);
    const zi = v128.load(im + at);
    const yr = reversed(re + mirror);
    const yi = reversed(im + mirror);
    const c = v128.load(turns + at);
    const s = v128.load(turns + plane + at);
    const or = f32x4.sub(zr, yr);
    const oi = f32x4.add(zi, yi);
    const xr = f32x4.sub(multiplyAdd(c, oi, f32x4.add(zr, yr)), f32x4.mul(s, or));
    const xi = f32x4.sub(f32x4.sub(f32x4.sub(zi, yi), f32x4.mul(c, or)), f32x4.mul(s, oi));
    const a = f32x4.mul(xr, scale);
    const b = f32x4.mul(xi, scale);
    v128.store(spectrum + (k << 3), v128.shuffle<f32>(a, b, 0, 4, 1, 5), 0);
    v128.store(spectrum + (k << 3), v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
  }
  for (; k < half; k++) {
    const at = k << 2;
    const mirror = (half - k) << 2;
    const zr = load<f32>(re + at);
    const zi = load<f32>(im + at);
    const yr = load<f32>(re + mirror);
    const yi = load<f32>(im + mirror);
    const c = load<f32>(turns + at);
    const s = load<f32>(turns + plane + at);
    store<f32>(spectrum + (k << 3), (zr + yr + c * (zi + yi) - s * (zr - yr)) * 0.5, 0);
    store<f32>(spectrum + (k << 3), (zi - yi - c * (zr - yr) - s * (zi + yi)) * 0.5, 4);
  }
}

/** spectrum [half + 1] interleaved -> samples [2 * half], divided by N. Arguments as in `forwardFft`. */
export function inverseFft(
  samples: usize,
  spectrum: usize,
  half: usize,
  plan: usize,
  passes: usize,
  twiddles: usize,
  turns: usize,
  work: usize,
): void {
  const plane = half << 2;
  const re = work;
  const im = work + plane;
  for (let k: usize = 0; k < half; k++) {
    const x = spectrum + (k << 3);
    const y = spectrum + ((half - k) << 3);
    const xr = load<f32>(x, 0);
    const xi = load<f32>(x, 4);
    const yr = load<f32>(y, 0);
    const yi = load<f32>(y, 4);
    const c = load<f32>(turns + (k << 2));
    const s = load<f32>(turns + plane + (k << 2));
    const dr = xr - yr;
    const di = xi + yi;
    store<f32>(re + (k << 2), xr + yr - (dr * s + di * c));
    store<f32>(im + (k << 2), xi - yi + (dr * c - di * s));
  }
  // The inverse transform equals the forward one with real and imaginary parts swapped before and after.
  const side = <usize>transform(im, re, im + 2 * plane, re + 2 * plane, half, plan, passes, twiddles);
  join(work + side * 2 * plane, work + plane + side * 2 * plane, samples, half, 0.5 / <f32>half);
}
