// Butterflies of a discrete Fourier transform for the radices 2 to 5, all inlined into the passes of fourier.ts.

import { multiplyAdd } from './vector';

const SIN_60: f32 = 0.8660254037844386;
const COS_72: f32 = 0.30901699437494745;
const COS_144: f32 = -0.8090169943749475;
const SIN_72: f32 = 0.9510565162951535;
const SIN_144: f32 = 0.5877852522924731;

/** Loads four numbers where `wide` (a constant at each call) is true, else one: the same butterflies serve both. */
// @inline
function get(at: usize, wide: bool): v128 {
  return wide ? v128.load(at) : v128.load32_zero(at);
}

/** Stores four numbers, or the first one alone; the counterpart of `get`. */
// @inline
function put(at: usize, value: v128, wide: bool): void {
  if (wide) v128.store(at, value);
  else v128.store32_lane(at, value, 0);
}

/** Real part of the product with the twiddle factor (wr, wi). */
// @inline
export function turnRe(re: v128, im: v128, wr: v128, wi: v128): v128 {
  return f32x4.sub(f32x4.mul(re, wr), f32x4.mul(im, wi));
}

/** Imaginary part of the product with the twiddle factor (wr, wi). */
// @inline
export function turnIm(re: v128, im: v128, wr: v128, wi: v128): v128 {
  return multiplyAdd(re, wi, f32x4.mul(im, wr));
}

// Butterflies: inputs `step` bytes apart from (re, im), outputs `toStep` bytes apart from (toRe, toIm).

// @inline
export function butterfly2(
  re: usize,
  im: usize,
  step: usize,
  toRe: usize,
  toIm: usize,
  toStep: usize,
  wr: v128,
  wi: v128,
  wide: bool,
): void {
  const ar = get(re, wide);
  const ai = get(im, wide);
  const br = get(re + step, wide);
  const bi = get(im + step, wide);
  put(toRe, f32x4.add(ar, br), wide);
  put(toIm, f32x4.add(ai, bi), wide);
  const dr = f32x4.sub(ar, br);
  const di = f32x4.sub(ai, bi);
  put(toRe + toStep, turnRe(dr, di, wr, wi), wide);
  put(toIm + toStep, turnIm(dr, di, wr, wi), wide);
}

// @inline
export function butterfly3(
  re: usize,
  im: usize,
  step: usize,
  toRe: usize,
  toIm: usize,
  toStep: usize,
  w: usize,
  plane: usize,
  wide: bool,
): void {
  const ar = get(re, wide);
  const ai = get(im, wide);
  const br = get(re + step, wide);
  const bi = get(im + step, wide);
  const cr = get(re + 2 * step, wide);
  const ci = get(im + 2 * step, wide);
  const sr = f32x4.add(br, cr);
  const si = f32x4.add(bi, ci);
  const half = f32x4.splat(-0.5);
  const mr = multiplyAdd(sr, half, ar);
  const mi = multiplyAdd(si, half, ai);
  const sin = f32x4.splat(SIN_60);
  const dr = f32x4.mul(f32x4.sub(br, cr), sin);
  const di = f32x4.mul(f32x4.sub(bi, ci), sin);
  put(toRe, f32x4.add(ar, sr), wide);
  put(toIm, f32x4.add(ai, si), wide);
  turnTo(toRe + toStep, toIm + toStep, f32x4.add(mr, di), f32x4.sub(mi, dr), w, plane, wide);
  turnTo(toRe + 2 * toStep, toIm + 2 * toStep, f32x4.sub(mr, di), f32x4.add(mi, dr), w + 2 * plane, plane, wide);
}

/** Multiplies by the twiddle factor at `w` (its imaginary part `plane` bytes further) and stores the product. */
// @inline
function turnTo(toRe: usize, toIm: usize, re: v128, im: v128, w: usize, plane: usize, wide: bool): void {
  const wr = v128.load32_splat(w);
  const wi = v128.load32_splat(w + plane);
  put(toRe, turnRe(re, im, wr, wi), wide);
  put(toIm, turnIm(re, im, wr, wi), wide);
}

// @inline
export function butterfly4(
  re: usize,
  im: usize,
  step: usize,
  toRe: usize,
  toIm: usize,
  toStep: usize,
  w: usize,
  plane: usize,
  wide: bool,
): void {
  const ar = get(re, wide);
  const ai = get(im, wide);
  const br = get(re + step, wide);
  const bi = get(im + step, wide);
  const cr = get(re + 2 * step, wide);
  const ci = get(im + 2 * step, wide);
  const dr = get(re + 3 * step, wide);
  const di = get(im + 3 * step, wide);
  const acr = f32x4.add(ar, cr);
  const aci = f32x4.add(ai, ci);
  const bdr = f32x4.add(br, dr);
  const bdi = f32x4.add(bi, di);
  const amr = f32x4.sub(ar, cr);
  const ami = f32x4.sub(ai, ci);
  const bmr = f32x4.sub(br, dr);
  const bmi = f32x4.sub(bi, di);
  put(toRe, f32x4.add(acr, bdr), wide);
  put(toIm, f32x4.add(aci, bdi), wide);
  turnTo(toRe + toStep, toIm + toStep, f32x4.add(amr, bmi), f32x4.sub(ami, bmr), w, plane, wide);
  turnTo(toRe + 2 * toStep, toIm + 2 * toStep, f32x4.sub(acr, bdr), f32x4.sub(aci, bdi), w + 2 * plane, plane, wide);
  turnTo(toRe + 3 * toStep, toIm + 3 * toStep, f32x4.sub(amr, bmi), f32x4.add(ami, bmr), w + 4 * plane, plane, wide);
}

// @inline
export function transposeTo(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5), 0);
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7), 16);
  v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), 32);
  v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), 48);
}

// @inline
export function butterfly5(
  re: usize,
  im: usize,
  step: usize,
  toRe: usize,
  toIm: usize,
  toStep: usize,
  w: usize,
  plane: usize,
  wide: bool,
): void {
  const ar = get(re, wide);
  const ai = get(im, wide);
  const br = get(re + step, wide);
  const bi = get(im + step, wide);
  const cr = get(re + 2 * step, wide);
  const ci = get(im + 2 * step, wide);
  const dr = get(re + 3 * step, wide);
  const di = get(im + 3 * step, wide);
  const er = get(re + 4 * step, wide);
  const ei = get(im + 4 * step, wide);
  const ber = f32x4.add(br, er);
  const bei = f32x4.add(bi, ei);
  const cdr = f32x4.add(cr, dr);
  const cdi = f32x4.add(ci, di);
  const bmr = f32x4.sub(br, er);
  const bmi = f32x4.sub(bi, ei);
  const cmr = f32x4.sub(cr, dr);
  const cmi = f32x4.sub(ci, di);
  const c1 = f32x4.splat(COS_72);
  const c2 = f32x4.splat(COS_144);
  const s1 = f32x4.splat(SIN_72);
  const s2 = f32x4.splat(SIN_144);
  put(toRe, f32x4.add(ar, f32x4.add(ber, cdr)), wide);
  put(toIm, f32x4.add(ai, f32x4.add(bei, cdi)), wide);
  const m1r = multiplyAdd(cdr, c2, multiplyAdd(ber, c1, ar));
  const m1i = multiplyAdd(cdi, c2, multiplyAdd(bei, c1, ai));
  const m2r = multiplyAdd(cdr, c1, multiplyAdd(ber, c2, ar));
  const m2i = multiplyAdd(cdi, c1, multiplyAdd(bei, c2, ai));
  const n1r = multiplyAdd(cmr, s2, f32x4.mul(bmr, s1));
  const n1i = multiplyAdd(cmi, s2, f32x4.mul(bmi, s1));
  const n2r = f32x4.sub(f32x4.mul(bmr, s2), f32x4.mul(cmr, s1));
  const n2i = f32x4.sub(f32x4.mul(bmi, s2), f32x4.mul(cmi, s1));
  turnTo(toRe + toStep, toIm + toStep, f32x4.add(m1r, n1i), f32x4.sub(m1i, n1r), w, plane, wide);
  turnTo(toRe + 2 * toStep, toIm + 2 * toStep, f32x4.add(m2r, n2i), f32x4.sub(m2i, n2r), w + 2 * plane, plane, wide);
  turnTo(toRe + 3 * toStep, toIm + 3 * toStep, f32x4.sub(m2r, n2i), f32x4.add(m2i, n2r), w + 4 * plane, plane, wide);
  turnTo(toRe + 4 * toStep, toIm + 4 * toStep, f32x4.sub(m1r, n1i), f32x4.add(m1i, n1r), w + 6 * plane, plane, wide);
}
