// Solver for the activations of one frame: min over h >= 0 of D(h) = sum V log(V / W h) - V + W h, with W fixed.
//
// The multiplicative update (Lee and Seung 2001) gives the direction d = h (r - 1), where r = W'(V / W h) / c and c are the sums of the
// templates. On speech the update's own step is about five times too short, so D is minimised over h + a d + b p, where p is the previous
// change (sequential subspace optimisation, Narkiss and Zibulevsky 2005): one Newton step from the update, a = 1, b = 0. The models W d
// and W p are known, so this costs a few operations per bin and no matrix product.

import { TILE_BYTES } from './tiles';
import { horizontalSum, horizontalSums, log2, multiplyAdd } from './vector';

/** Lower bound of the model: keeps the ratio of spectrum and model finite. */
const MODEL_FLOOR: f32 = 1e-12;
/** An iteration reduces an activation to no less than a tenth, so that a wrong extrapolation cannot switch the template off. */
const LARGEST_SHRINKAGE: f32 = 0.1;
/**
 * Level, relative to an equal share of the spectrum, at or below which a falling template is inactive (left where it is). Costs less than
 * 0.1 % of the divergence, and is far above denormal numbers.
 */
const SLEEPING_LEVEL: f32 = 1e-5;
/** Lower bound of a divisor: the activations of silent templates are zero and do not move. */
const SMALLEST_ACTIVATION: f32 = 1e-30;
/** A step overshot if the slope behind it exceeds this share of the slope before it, with opposite sign. */
const OVERSHOOT: f32 = 0.9;
/** Larger steps come from a singular system and are rejected. */
const LARGEST_STEP: f64 = 1000;
const LARGEST_PREVIOUS_STEP: f64 = 10;
/** d and p count as parallel if the determinant is below this share of its largest possible value. */
const PARALLEL: f64 = 1e-4;
const LN_2: f32 = <f32>Math.LN2;

// Layout of a frame's state, byte offsets: scalars, then five sums of the line search as vectors, then rows.
const TOTAL: usize = 0;
const STEP: usize = 4;
const PREVIOUS_STEP: usize = 8;
const CORRECTED: usize = 12;
const GAP: usize = 16;
const SLOPE: usize = 20;
const IS_OVERSHOT: usize = 24;
const SUMS: usize = 64;
const ROWS: usize = 192;

/** Size of a state in bytes; `solve` needs one state for each frame that it solves at once. */
// @inline
export function stateBytes(tiles: usize, templates: usize): usize {
  return ROWS + (templates << 5) + 3 * tiles * TILE_BYTES;
}
/** [templates] h */
// @inline
export function activationsOf(state: usize): usize {
  return state + ROWS;
}
/** [templates] d; while the model is being updated, the amounts by which too small activations were raised */
// @inline
export function directionOf(state: usize, templates: usize): usize {
  return state + ROWS + (templates << 2);
}
/** [templates] p */
// @inline
function previousOf(state: usize, templates: usize): usize {
  return state + ROWS + (templates << 3);
}
/** [templates] byte offsets within a tile of the templates whose activations were raised */
// @inline
function correctedOf(state: usize, templates: usize): usize {
  return state + ROWS + (templates << 3) + (templates << 2);
}
/** [templates x 4] partial sums of W'(V / W h), zero before each iteration */
// @inline
export function correlationsOf(state: usize, templates: usize): usize {
  return state + ROWS + (templates << 4);
}
/** [tiles x 24] W h */
// @inline
export function modelOf(state: usize, templates: usize): usize {
  return state + ROWS + (templates << 5);
}
/** [tiles x 24] W d */
// @inline
export function directionModelOf(state: usize, tiles: usize, templates: usize): usize {
  return modelOf(state, templates) + tiles * TILE_BYTES;
}
/** [tiles x 24] W p */
// @inline
function previousModelOf(state: usize, tiles: usize, templates: usize): usize {
  return modelOf(state, templates) + 2 * tiles * TILE_BYTES;
}

/** Initialises a state. @param activations [templates] starting point, > 0 where the template may be used */
export function begin(state: usize, tiles: usize, templates: usize, magnitudes: usize, activations: usize): void {
  memory.fill(state, 0, ROWS);
  memory.copy(activationsOf(state), activations, templates << 2);
  memory.fill(previousOf(state, templates), 0, templates << 2);
  memory.fill(correlationsOf(state, templates), 0, templates << 4);
  memory.fill(directionModelOf(state, tiles, templates), 0, 2 * tiles * TILE_BYTES);
  let total = f32x4.splat(0);
  for (let at: usize = 0; at < tiles * TILE_BYTES; at += 16) total = f32x4.add(total, v128.load(magnitudes + at));
  store<f32>(state, horizontalSum(total), TOTAL);
}

/**
 * One tile of W h += a W d + b W p + corrections.
 * @param tile address of the tile's templates
 * @param offset bytes from the first tile's bins to this tile's
 */
// @inline
export function advanceTile(state: usize, tiles: usize, templates: usize, tile: usize, offset: usize): void {
  const direction = directionModelOf(state, tiles, templates) + offset;
  const previous = previousModelOf(state, tiles, templates) + offset;
  const model = modelOf(state, templates) + offset;
  const a = v128.load32_splat(state, STEP);
  const b = v128.load32_splat(state, PREVIOUS_STEP);
  let p0 = multiplyAdd(a, v128.load(direction, 0), f32x4.mul(b, v128.load(previous, 0)));
  let p1 = multiplyAdd(a, v128.load(direction, 16), f32x4.mul(b, v128.load(previous, 16)));
  let p2 = multiplyAdd(a, v128.load(direction, 32), f32x4.mul(b, v128.load(previous, 32)));
  let p3 = multiplyAdd(a, v128.load(direction, 48), f32x4.mul(b, v128.load(previous, 48)));
  let p4 = multiplyAdd(a, v128.load(direction, 64), f32x4.mul(b, v128.load(previous, 64)));
  let p5 = multiplyAdd(a, v128.load(direction, 80), f32x4.mul(b, v128.load(previous, 80)));
  const corrected = correctedOf(state, templates);
  let at = directionOf(state, templates);
  const end = at + ((<usize>load<u32>(state, CORRECTED)) << 2);
  for (let index = corrected; at < end; at += 4, index += 4) {
    const template = tile + <usize>load<u32>(index);
    const added = v128.load32_splat(at);
    p0 = multiplyAdd(v128.load(template, 0), added, p0);
    p1 = multiplyAdd(v128.load(template, 16), added, p1);
    p2 = multiplyAdd(v128.load(template, 32), added, p2);
    p3 = multiplyAdd(v128.load(template, 48), added, p3);
    p4 = multiplyAdd(v128.load(template, 64), added, p4);
    p5 = multiplyAdd(v128.load(template, 80), added, p5);
  }
  v128.store(previous, p0, 0);
  v128.store(previous, p1, 16);
  v128.store(previous, p2, 32);
  v128.store(previous, p3, 48);
  v128.store(previous, p4, 64);
  v128.store(previous, p5, 80);
  for (let part: usize = 0; part < TILE_BYTES; part += 16) {
    v128.store(model + part, f32x4.add(v128.load(model + part), v128.load(previous + part)));
  }
}

/**
 * ratios[24] = spectrum / model. The ratios are stored, because the compiler would otherwise repeat the divisions in the loop that reads
 * them. `pmax` compiles to one instruction, `max`, which distinguishes the zeros by sign, to seven.
 */
// @inline
export function divideTile(magnitudes: usize, model: usize, ratios: usize): void {
  for (let part: usize = 0; part < TILE_BYTES; part += 16) {
    const floored = f32x4.pmax(v128.load(model + part), f32x4.splat(MODEL_FLOOR));
    v128.store(ratios + part, f32x4.div(v128.load(magnitudes + part), floored));
  }
}

// @inline
function sleepingLevel(state: usize, templates: usize): v128 {
  return f32x4.splat((SLEEPING_LEVEL * load<f32>(state, TOTAL)) / <f32>templates);
}

/** Computes the direction d and the bound of the optimality gap from the correlations, and sets the correlations to zero. */
export function direct(state: usize, templates: usize, columnSums: usize): void {
  const activations = activationsOf(state);
  const directions = directionOf(state, templates);
  const previous = previousOf(state, templates);
  const correlations = correlationsOf(state, templates);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const sleeping = sleepingLevel(state, templates);
  let level = zero;
  let largest = zero;
  let slope = zero;
  for (let at: usize = 0; at < templates << 2; at += 16) {
    const c = correlations + (at << 2);
    const sums = horizontalSums(v128.load(c, 0), v128.load(c, 16), v128.load(c, 32), v128.load(c, 48));
    v128.store(c, zero, 0);
    v128.store(c, zero, 16);
    v128.store(c, zero, 32);
    v128.store(c, zero, 48);
    const columns = v128.load(columnSums + at);
    const h = v128.load(activations + at);
    const factors = f32x4.div(sums, columns);
    const excess = f32x4.sub(factors, one);
    const levels = f32x4.mul(h, columns);
    const sleeps = v128.and(f32x4.le(levels, sleeping), f32x4.lt(factors, one));
    v128.store(directions + at, v128.andnot(f32x4.mul(h, excess), sleeps));
    level = f32x4.add(level, levels);
    largest = f32x4.pmax(largest, factors);
    slope = f32x4.sub(slope, f32x4.mul(f32x4.mul(columns, excess), v128.load(previous + at)));
  }
  const highest = max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
  const total = load<f32>(state, TOTAL);
  const logarithm = LN_2 * f32x4.extract_lane(log2(f32x4.splat(highest)), 0);
  store<f32>(state, max<f32>(0, horizontalSum(level) / total - 1 + logarithm), GAP);
  store<u32>(state, <u32>(horizontalSum(slope) > OVERSHOOT * load<f32>(state, SLOPE)), IS_OVERSHOT);
  for (let sum: usize = 0; sum < 80; sum += 16) v128.store(state + sum, zero, SUMS);
}

/** Adds one tile to the gradient and the curvature of D along d and p, at h + d. @param magnitudes V of the tile */
// @inline
export function searchTile(state: usize, tiles: usize, templates: usize, magnitudes: usize, offset: usize): void {
  const model = modelOf(state, templates) + offset;
  const direction = directionModelOf(state, tiles, templates) + offset;
  const previous = previousModelOf(state, tiles, templates) + offset;
  const one = f32x4.splat(1);
  let gradientD = v128.load(state, SUMS);
  let gradientP = v128.load(state, SUMS + 16);
  let curvatureDD = v128.load(state, SUMS + 32);
  let curvatureDP = v128.load(state, SUMS + 48);
  let curvaturePP = v128.load(state, SUMS + 64);
  for (let part: usize = 0; part < TILE_BYTES; part += 16) {
    const d = v128.load(direction + part);
    const p = v128.load(previous + part);
    const inverse = f32x4.div(one, f32x4.pmax(f32x4.add(v128.load(model + part), d), f32x4.splat(MODEL_FLOOR)));
    const ratio = f32x4.mul(v128.load(magnitudes + part), inverse);
    const gradient = f32x4.sub(one, ratio);
    const curvature = f32x4.mul(ratio, inverse);
    const curvatureD = f32x4.mul(curvature, d);
    gradientD = multiplyAdd(d, gradient, gradientD);
    gradientP = multiplyAdd(p, gradient, gradientP);
    curvatureDD = multiplyAdd(d, curvatureD, curvatureDD);
    curvatureDP = multiplyAdd(p, curvatureD, curvatureDP);
    curvaturePP = multiplyAdd(p, f32x4.mul(curvature, p), curvaturePP);
  }
  v128.store(state, gradientD, SUMS);
  v128.store(state, gradientP, SUMS + 16);
  v128.store(state, curvatureDD, SUMS + 32);
  v128.store(state, curvatureDP, SUMS + 48);
  v128.store(state, curvaturePP, SUMS + 64);
}

/** Newton step for a and b. After an overshoot the plain multiplicative update, which never raises D. */
function chooseSteps(state: usize): void {
  const gd = <f64>horizontalSum(v128.load(state, SUMS));
  const gp = <f64>horizontalSum(v128.load(state, SUMS + 16));
  const dd = <f64>horizontalSum(v128.load(state, SUMS + 32));
  const dp = <f64>horizontalSum(v128.load(state, SUMS + 48));
  const pp = <f64>horizontalSum(v128.load(state, SUMS + 64));
  const determinant = dd * pp - dp * dp;
  let a: f64 = 1;
  let b: f64 = 0;
  if (!load<u32>(state, IS_OVERSHOT)) {
    if (determinant > PARALLEL * dd * pp) {
      a = 1 - (pp * gd - dp * gp) / determinant;
      b = (dp * gd - dd * gp) / determinant;
    } else if (dd > 0) a = 1 - gd / dd;
    if (!(a > 0 && a < LARGEST_STEP && abs(b) < LARGEST_PREVIOUS_STEP)) {
      a = 1;
      b = 0;
    }
  }
  store<f32>(state, <f32>a, STEP);
  store<f32>(state, <f32>b, PREVIOUS_STEP);
}

/** Moves the activations. @returns estimated change of D relative to the sum of V */
export function step(state: usize, templates: usize, columnSums: usize): f32 {
  chooseSteps(state);
  const activations = activationsOf(state);
  const directions = directionOf(state, templates);
  const previous = previousOf(state, templates);
  const corrected = correctedOf(state, templates);
  const a = v128.load32_splat(state, STEP);
  const b = v128.load32_splat(state, PREVIOUS_STEP);
  const sleeping = sleepingLevel(state, templates);
  let slope = f32x4.splat(0);
  let count: usize = 0;
  for (let at: usize = 0; at < templates << 2; at += 16) {
    const h = v128.load(activations + at);
    const d = v128.load(directions + at);
    const columns = v128.load(columnSums + at);
    const target = f32x4.add(h, f32x4.add(f32x4.mul(a, d), f32x4.mul(b, v128.load(previous + at))));
    const lowest = f32x4.pmax(f32x4.mul(h, f32x4.splat(LARGEST_SHRINKAGE)), f32x4.div(sleeping, columns));
    const next = f32x4.pmax(target, lowest);
    const change = f32x4.sub(next, h);
    v128.store(activations + at, next);
    v128.store(previous + at, change);
    slope = f32x4.add(
      slope,
      f32x4.mul(f32x4.mul(columns, f32x4.div(d, f32x4.pmax(h, f32x4.splat(SMALLEST_ACTIVATION)))), change),
    );
    const lanes = i32x4.bitmask(f32x4.lt(target, lowest));
    if (lanes === 0) continue;
    const added = f32x4.sub(next, target);
    // Reuses the rows in place: `count` never exceeds the number of templates already processed.
    if (lanes & 1) count = correct(directions, corrected, count, f32x4.extract_lane(added, 0), at);
    if (lanes & 2) count = correct(directions, corrected, count, f32x4.extract_lane(added, 1), at + 4);
    if (lanes & 4) count = correct(directions, corrected, count, f32x4.extract_lane(added, 2), at + 8);
    if (lanes & 8) count = correct(directions, corrected, count, f32x4.extract_lane(added, 3), at + 12);
  }
  store<u32>(state, <u32>count, CORRECTED);
  store<f32>(state, horizontalSum(slope), SLOPE);
  const total = load<f32>(state, TOTAL);
  return total > 0 ? abs<f32>(0.5 * horizontalSum(slope)) / total : 0;
}

/** Appends one raised activation to the list of corrections. @returns new length of the list */
// @inline
function correct(corrections: usize, corrected: usize, count: usize, added: f32, at: usize): usize {
  store<f32>(corrections + (count << 2), added);
  store<u32>(corrected + (count << 2), <u32>((at >> 2) * TILE_BYTES));
  return count + 1;
}

/** Writes the solution h and its optimality gap, an upper bound of (D(h) - min D) / sum V. */
export function finish(state: usize, templates: usize, activations: usize, gap: usize): void {
  memory.copy(activations, activationsOf(state), templates << 2);
  store<f32>(gap, load<f32>(state, GAP));
}
