// Real discrete Fourier transform of even size through a complex one of half the size: self-sorting (Stockham) passes of radix 4, 2,
// 3 and 5 between two planar buffers. After a first pass of radix 4 the inner loops run over four neighbours at once.

import { multiplyAdd } from './vector';

// @ts-ignore: decorator
@inline
const SIN_60: f32 = 0.8660254037844386;
// @ts-ignore: decorator
@inline
const COS_72: f32 = 0.30901699437494745;
// @ts-ignore: decorator
@inline
const COS_144: f32 = -0.8090169943749475;
// @ts-ignore: decorator
@inline
const SIN_72: f32 = 0.9510565162951535;
// @ts-ignore: decorator
@inline
const SIN_144: f32 = 0.5877852522924731;

/** Splits interleaved pairs into two planes. @param count of pairs */
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

/** Joins two planes into interleaved pairs, scaled. @param count of pairs */
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

// Four numbers where the data is wide enough, else one: the same butterflies for both.
// @ts-ignore: decorator
@inline
function get(at: usize, wide: bool): v128 {
  return wide ? v128.load(at) : v128.load32_zero(at);
}
// @ts-ignore: decorator
@inline
function put(at: usize, value: v128, wide: bool): void {
  if (wide) v128.store(at, value);
  else v128.store32_lane(at, value, 0);
}
// @ts-ignore: decorator
@inline
function turnRe(re: v128, im: v128, wr: v128, wi: v128): v128 {
  return f32x4.sub(f32x4.mul(re, wr), f32x4.mul(im, wi));
}
// @ts-ignore: decorator
@inline
function turnIm(re: v128, im: v128, wr: v128, wi: v128): v128 {
  return multiplyAdd(re, wi, f32x4.mul(im, wr));
}

// @ts-ignore: decorator
@inline
function butterfly2(re: usize, im: usize, step: usize, toRe: usize, toIm: usize, toStep: usize, wr: v128, wi: v128, wide: bool): void {
  const ar = get(re, wide), ai = get(im, wide);
  const br = get(re + step, wide), bi = get(im + step, wide);
  put(toRe, f32x4.add(ar, br), wide);
  put(toIm, f32x4.add(ai, bi), wide);
  const dr = f32x4.sub(ar, br), di = f32x4.sub(ai, bi);
  put(toRe + toStep, turnRe(dr, di, wr, wi), wide);
  put(toIm + toStep, turnIm(dr, di, wr, wi), wide);
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
    for (; q + 16 <= rowBytes; q += 16) butterfly2(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, wr, wi, true);
    for (; q < rowBytes; q += 4) butterfly2(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, wr, wi, false);
  }
}

// @ts-ignore: decorator
@inline
function butterfly3(re: usize, im: usize, step: usize, toRe: usize, toIm: usize, toStep: usize, w: usize, plane: usize, wide: bool): void {
  const ar = get(re, wide), ai = get(im, wide);
  const br = get(re + step, wide), bi = get(im + step, wide);
  const cr = get(re + 2 * step, wide), ci = get(im + 2 * step, wide);
  const sr = f32x4.add(br, cr), si = f32x4.add(bi, ci);
  const half = f32x4.splat(-0.5);
  const mr = multiplyAdd(sr, half, ar), mi = multiplyAdd(si, half, ai);
  const sin = f32x4.splat(SIN_60);
  const dr = f32x4.mul(f32x4.sub(br, cr), sin), di = f32x4.mul(f32x4.sub(bi, ci), sin);
  put(toRe, f32x4.add(ar, sr), wide);
  put(toIm, f32x4.add(ai, si), wide);
  turnTo(toRe + toStep, toIm + toStep, f32x4.add(mr, di), f32x4.sub(mi, dr), w, plane, wide);
  turnTo(toRe + 2 * toStep, toIm + 2 * toStep, f32x4.sub(mr, di), f32x4.add(mi, dr), w + 2 * plane, plane, wide);
}

/** Multiplies by the twiddle factor at `w` (its imaginary part one plane further) and stores. */
// @ts-ignore: decorator
@inline
function turnTo(toRe: usize, toIm: usize, re: v128, im: v128, w: usize, plane: usize, wide: bool): void {
  const wr = v128.load32_splat(w), wi = v128.load32_splat(w + plane);
  put(toRe, turnRe(re, im, wr, wi), wide);
  put(toIm, turnIm(re, im, wr, wi), wide);
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
    for (; q + 16 <= rowBytes; q += 16) butterfly3(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, true);
    for (; q < rowBytes; q += 4) butterfly3(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, false);
  }
}

// @ts-ignore: decorator
@inline
function butterfly4(re: usize, im: usize, step: usize, toRe: usize, toIm: usize, toStep: usize, w: usize, plane: usize, wide: bool): void {
  const ar = get(re, wide), ai = get(im, wide);
  const br = get(re + step, wide), bi = get(im + step, wide);
  const cr = get(re + 2 * step, wide), ci = get(im + 2 * step, wide);
  const dr = get(re + 3 * step, wide), di = get(im + 3 * step, wide);
  const acr = f32x4.add(ar, cr), aci = f32x4.add(ai, ci);
  const bdr = f32x4.add(br, dr), bdi = f32x4.add(bi, di);
  const amr = f32x4.sub(ar, cr), ami = f32x4.sub(ai, ci);
  const bmr = f32x4.sub(br, dr), bmi = f32x4.sub(bi, di);
  put(toRe, f32x4.add(acr, bdr), wide);
  put(toIm, f32x4.add(aci, bdi), wide);
  turnTo(toRe + toStep, toIm + toStep, f32x4.add(amr, bmi), f32x4.sub(ami, bmr), w, plane, wide);
  turnTo(toRe + 2 * toStep, toIm + 2 * toStep, f32x4.sub(acr, bdr), f32x4.sub(aci, bdi), w + 2 * plane, plane, wide);
  turnTo(toRe + 3 * toStep, toIm + 3 * toStep, f32x4.sub(amr, bmi), f32x4.add(ami, bmr), w + 4 * plane, plane, wide);
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
    for (; q + 16 <= rowBytes; q += 16) butterfly4(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, true);
    for (; q < rowBytes; q += 4) butterfly4(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, false);
  }
}

/** The first pass of radix 4, stride 1: four butterflies side by side, transposed on the way out. */
function firstPass4(re: usize, im: usize, toRe: usize, toIm: usize, groups: usize, twiddles: usize): void {
  const step = groups << 2;
  let k: usize = 0;
  for (; k + 4 <= groups; k += 4) {
    const at = k << 2;
    const ar = v128.load(re + at), ai = v128.load(im + at);
    const br = v128.load(re + at + step), bi = v128.load(im + at + step);
    const cr = v128.load(re + at + 2 * step), ci = v128.load(im + at + 2 * step);
    const dr = v128.load(re + at + 3 * step), di = v128.load(im + at + 3 * step);
    const acr = f32x4.add(ar, cr), aci = f32x4.add(ai, ci);
    const bdr = f32x4.add(br, dr), bdi = f32x4.add(bi, di);
    const amr = f32x4.sub(ar, cr), ami = f32x4.sub(ai, ci);
    const bmr = f32x4.sub(br, dr), bmi = f32x4.sub(bi, di);
    const w = twiddles + at;
    const w1r = v128.load(w), w1i = v128.load(w + step);
    const w2r = v128.load(w + 2 * step), w2i = v128.load(w + 3 * step);
    const w3r = v128.load(w + 4 * step), w3i = v128.load(w + 5 * step);
    const o1r = f32x4.add(amr, bmi), o1i = f32x4.sub(ami, bmr);
    const o2r = f32x4.sub(acr, bdr), o2i = f32x4.sub(aci, bdi);
    const o3r = f32x4.sub(amr, bmi), o3i = f32x4.add(ami, bmr);
    transposeTo(toRe + (at << 2), f32x4.add(acr, bdr), turnRe(o1r, o1i, w1r, w1i), turnRe(o2r, o2i, w2r, w2i), turnRe(o3r, o3i, w3r, w3i));
    transposeTo(toIm + (at << 2), f32x4.add(aci, bdi), turnIm(o1r, o1i, w1r, w1i), turnIm(o2r, o2i, w2r, w2i), turnIm(o3r, o3i, w3r, w3i));
  }
  for (; k < groups; k++) {
    const at = k << 2;
    butterfly4(re + at, im + at, step, toRe + (at << 2), toIm + (at << 2), 4, twiddles + at, step, false);
  }
}

// @ts-ignore: decorator
@inline
function transposeTo(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5), 0);
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7), 16);
  v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), 32);
  v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), 48);
}

// @ts-ignore: decorator
@inline
function butterfly5(re: usize, im: usize, step: usize, toRe: usize, toIm: usize, toStep: usize, w: usize, plane: usize, wide: bool): void {
  const ar = get(re, wide), ai = get(im, wide);
  const br = get(re + step, wide), bi = get(im + step, wide);
  const cr = get(re + 2 * step, wide), ci = get(im + 2 * step, wide);
  const dr = get(re + 3 * step, wide), di = get(im + 3 * step, wide);
  const er = get(re + 4 * step, wide), ei = get(im + 4 * step, wide);
  const ber = f32x4.add(br, er), bei = f32x4.add(bi, ei), cdr = f32x4.add(cr, dr), cdi = f32x4.add(ci, di);
  const bmr = f32x4.sub(br, er), bmi = f32x4.sub(bi, ei), cmr = f32x4.sub(cr, dr), cmi = f32x4.sub(ci, di);
  const c1 = f32x4.splat(COS_72), c2 = f32x4.splat(COS_144), s1 = f32x4.splat(SIN_72), s2 = f32x4.splat(SIN_144);
  put(toRe, f32x4.add(ar, f32x4.add(ber, cdr)), wide);
  put(toIm, f32x4.add(ai, f32x4.add(bei, cdi)), wide);
  const m1r = multiplyAdd(cdr, c2, multiplyAdd(ber, c1, ar)), m1i = multiplyAdd(cdi, c2, multiplyAdd(bei, c1, ai));
  const m2r = multiplyAdd(cdr, c1, multiplyAdd(ber, c2, ar)), m2i = multiplyAdd(cdi, c1, multiplyAdd(bei, c2, ai));
  const n1r = multiplyAdd(cmr, s2, f32x4.mul(bmr, s1)), n1i = multiplyAdd(cmi, s2, f32x4.mul(bmi, s1));
  const n2r = f32x4.sub(f32x4.mul(bmr, s2), f32x4.mul(cmr, s1)), n2i = f32x4.sub(f32x4.mul(bmi, s2), f32x4.mul(cmi, s1));
  turnTo(toRe + toStep, toIm + toStep, f32x4.add(m1r, n1i), f32x4.sub(m1i, n1r), w, plane, wide);
  turnTo(toRe + 2 * toStep, toIm + 2 * toStep, f32x4.add(m2r, n2i), f32x4.sub(m2i, n2r), w + 2 * plane, plane, wide);
  turnTo(toRe + 3 * toStep, toIm + 3 * toStep, f32x4.sub(m2r, n2i), f32x4.add(m2i, n2r), w + 4 * plane, plane, wide);
  turnTo(toRe + 4 * toStep, toIm + 4 * toStep, f32x4.sub(m1r, n1i), f32x4.add(m1i, n1r), w + 6 * plane, plane, wide);
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
    for (; q + 16 <= rowBytes; q += 16) butterfly5(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, true);
    for (; q < rowBytes; q += 4) butterfly5(re + from + q, im + from + q, step, toRe + to + q, toIm + to + q, rowBytes, w, plane, false);
  }
}

/**
 * All passes of a complex transform from the first pair of planes; each pass swaps the pairs.
 * @param plan [passes] radix as a 32-bit number
 * @returns 0 where the result lies in the first pair, 1 where in the second
 */
function transform(re: usize, im: usize, otherRe: usize, otherIm: usize, size: usize, plan: usize, passes: usize, twiddles: usize): i32 {
  let stride: usize = 1;
  let length = size;
  for (let pass: usize = 0; pass < passes; pass++) {
    const radix = <usize>load<u32>(plan + (pass << 2));
    const groups = length / radix;
    if (radix == 4) {
      if (stride == 1) firstPass4(re, im, otherRe, otherIm, groups, twiddles);
      else pass4(re, im, otherRe, otherIm, groups, stride, twiddles);
    } else if (radix == 2) pass2(re, im, otherRe, otherIm, groups, stride, twiddles);
    else if (radix == 3) pass3(re, im, otherRe, otherIm, groups, stride, twiddles);
    else pass5(re, im, otherRe, otherIm, groups, stride, twiddles);
    twiddles += ((radix - 1) * groups) << 3;
    stride *= radix;
    length = groups;
    const swappedRe = re, swappedIm = im;
    re = otherRe;
    im = otherIm;
    otherRe = swappedRe;
    otherIm = swappedIm;
  }
  return <i32>(passes & 1);
}

// @ts-ignore: decorator
@inline
function reversed(at: usize): v128 {
  const x = v128.load(at);
  return v128.shuffle<f32>(x, x, 3, 2, 1, 0);
}

/**
 * samples [2 * half] -> spectrum [half + 1] interleaved, unnormalised.
 * @param half half the size of the transform
 * @param turns cos(2 pi k / N) for k below half, then sin
 * @param work four planes of half numbers
 */
export function forwardFft(samples: usize, spectrum: usize, half: usize, plan: usize, passes: usize, twiddles: usize, turns: usize, work: usize): void {
  const plane = half << 2;
  split(samples, work, work + plane, half);
  const side = <usize>transform(work, work + plane, work + 2 * plane, work + 3 * plane, half, plan, passes, twiddles);
  const re = work + side * 2 * plane;
  const im = re + plane;
  const dcRe = load<f32>(re), dcIm = load<f32>(im);
  store<f32>(spectrum, dcRe + dcIm, 0);
  store<f32>(spectrum, 0, 4);
  store<f32>(spectrum + (half << 3), dcRe - dcIm, 0);
  store<f32>(spectrum + (half << 3), 0, 4);
  const scale = f32x4.splat(0.5);
  let k: usize = 1;
  for (; k + 4 <= half; k += 4) {
    const at = k << 2;
    const mirror = (half - k - 3) << 2;
    const zr = v128.load(re + at), zi = v128.load(im + at);
    const yr = reversed(re + mirror), yi = reversed(im + mirror);
    const c = v128.load(turns + at), s = v128.load(turns + plane + at);
    const or = f32x4.sub(zr, yr), oi = f32x4.add(zi, yi);
    const xr = f32x4.sub(multiplyAdd(c, oi, f32x4.add(zr, yr)), f32x4.mul(s, or));
    const xi = f32x4.sub(f32x4.sub(f32x4.sub(zi, yi), f32x4.mul(c, or)), f32x4.mul(s, oi));
    const a = f32x4.mul(xr, scale), b = f32x4.mul(xi, scale);
    v128.store(spectrum + (k << 3), v128.shuffle<f32>(a, b, 0, 4, 1, 5), 0);
    v128.store(spectrum + (k << 3), v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
  }
  for (; k < half; k++) {
    const at = k << 2;
    const mirror = (half - k) << 2;
    const zr = load<f32>(re + at), zi = load<f32>(im + at), yr = load<f32>(re + mirror), yi = load<f32>(im + mirror);
    const c = load<f32>(turns + at), s = load<f32>(turns + plane + at);
    store<f32>(spectrum + (k << 3), (zr + yr + c * (zi + yi) - s * (zr - yr)) * 0.5, 0);
    store<f32>(spectrum + (k << 3), (zi - yi - c * (zr - yr) - s * (zi + yi)) * 0.5, 4);
  }
}

/** spectrum [half + 1] interleaved -> samples [2 * half], divided by the size. Arguments as in `forwardFft`. */
export function inverseFft(samples: usize, spectrum: usize, half: usize, plan: usize, passes: usize, twiddles: usize, turns: usize, work: usize): void {
  const plane = half << 2;
  const re = work;
  const im = work + plane;
  for (let k: usize = 0; k < half; k++) {
    const x = spectrum + (k << 3);
    const y = spectrum + ((half - k) << 3);
    const xr = load<f32>(x, 0), xi = load<f32>(x, 4), yr = load<f32>(y, 0), yi = load<f32>(y, 4);
    const c = load<f32>(turns + (k << 2)), s = load<f32>(turns + plane + (k << 2));
    const dr = xr - yr, di = xi + yi;
    store<f32>(re + (k << 2), xr + yr - (dr * s + di * c));
    store<f32>(im + (k << 2), xi - yi + (dr * c - di * s));
  }
  // The inverse transform is the forward one with real and imaginary parts swapped, before and after.
  const side = <usize>transform(im, re, im + 2 * plane, re + 2 * plane, half, plan, passes, twiddles);
  join(work + side * 2 * plane, work + plane + side * 2 * plane, samples, half, 0.5 / <f32>half);
}
