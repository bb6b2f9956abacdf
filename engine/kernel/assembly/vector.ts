// Vector arithmetic shared by the kernel's loops. Addresses are byte offsets in linear memory.

/** a * b + c, fused in the relaxed-SIMD build. */
// @inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/**
 * Base-2 logarithm of four positive normal numbers, relative error below 1e-6: the exponent's bits plus, for the mantissa m in
 * [sqrt(1/2), sqrt(2)], the series of the inverse hyperbolic tangent in (m - 1) / (m + 1).
 */
// @inline
export function log2(x: v128): v128 {
  const exponents = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const mantissas = i32x4.sub(x, i32x4.shl(exponents, 23));
  const one = f32x4.splat(1);
  const t = f32x4.div(f32x4.sub(mantissas, one), f32x4.add(mantissas, one));
  const squared = f32x4.mul(t, t);
  let series = f32x4.splat(0.4121985831);
  series = multiplyAdd(series, squared, f32x4.splat(0.5770780164));
  series = multiplyAdd(series, squared, f32x4.splat(0.9617966939));
  series = multiplyAdd(series, squared, f32x4.splat(2.8853900818));
  return multiplyAdd(series, t, f32x4.convert_i32x4_s(exponents));
}

/** 2 to the power of four numbers from -126 to 127, relative error below 1e-6: whole powers by the exponent's bits, the rest by its series. */
// @inline
export function exp2(x: v128): v128 {
  const whole = f32x4.nearest(x);
  const rest = f32x4.sub(x, whole);
  let series = f32x4.splat(0.0001533757684);
  series = multiplyAdd(series, rest, f32x4.splat(0.001339986036));
  series = multiplyAdd(series, rest, f32x4.splat(0.009618519534));
  series = multiplyAdd(series, rest, f32x4.splat(0.05550328998));
  series = multiplyAdd(series, rest, f32x4.splat(0.2402264661));
  series = multiplyAdd(series, rest, f32x4.splat(0.6931472056));
  series = multiplyAdd(series, rest, f32x4.splat(1.000000001));
  return i32x4.add(series, i32x4.shl(i32x4.trunc_sat_f32x4_s(whole), 23));
}

/** The sums of four vectors, one per lane. */
// @inline
export function horizontalSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Sum of the four lanes. */
// @inline
export function horizontalSum(a: v128): f32 {
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
}
