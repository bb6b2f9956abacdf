// Activations under the Kullback-Leibler divergence with templates held fixed, and the model they give.

import { correlateTile, correlateTile4, divideTile, modelTile, ratioTile4, TILE_BYTES } from './tiles';
import { exp2, horizontalSum, horizontalSums, log2 } from './vector';

/** Larger steps than the multiplicative update's own 1 converge faster; from 1.4 on they diverge. */
const STEP: f32 = 1.25;
/** Momentum starts as if two steps had been made. */
const FIRST_MOMENTUM: f32 = 3;
/** log2 of 1e-20: vanished activations stay above denormal numbers, which would cost 30 times as much, and can come back. */
const LOG2_SMALLEST: f32 = -66.43856;
const LOG2_LARGEST: f32 = 60;
/** Keeps the logarithm of a correlation finite. */
const SMALLEST_RATIO: f32 = 1e-30;

/** model[tiles x 24] = templates * activations for one frame. */
export function multiplyTemplates(packed: usize, tiles: usize, templates: usize, activations: usize, model: usize): void {
  const tileBytes = templates * TILE_BYTES;
  for (let tile: usize = 0; tile < tiles; tile++) {
    modelTile(packed + tile * tileBytes, templates, activations, model + tile * TILE_BYTES);
  }
}

/**
 * What one frame's solution needs, laid out by the caller: [templates] each of linear point, logarithm, extrapolated logarithm and
 * last change, then [templates x 4] correlations.
 */
// @ts-ignore: decorator
@inline
function pointOf(state: usize): usize {
  return state;
}
// @ts-ignore: decorator
@inline
function logarithmOf(state: usize, templates: usize): usize {
  return state + (templates << 2);
}
// @ts-ignore: decorator
@inline
function extrapolatedOf(state: usize, templates: usize): usize {
  return state + (templates << 3);
}
// @ts-ignore: decorator
@inline
function changeOf(state: usize, templates: usize): usize {
  return state + (templates << 3) + (templates << 2);
}
// @ts-ignore: decorator
@inline
function correlationsOf(state: usize, templates: usize): usize {
  return state + (templates << 4);
}
// @ts-ignore: decorator
@inline
function stateBytes(templates: usize): usize {
  return templates << 5;
}

function begin(state: usize, templates: usize, activations: usize): void {
  const logarithms = logarithmOf(state, templates);
  const extrapolated = extrapolatedOf(state, templates);
  const bytes = templates << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = limit(log2(f32x4.pmax(v128.load(activations + at), f32x4.splat(SMALLEST_RATIO))));
    v128.store(logarithms + at, x);
    v128.store(extrapolated + at, x);
    v128.store(pointOf(state) + at, exp2(x));
  }
}

// @ts-ignore: decorator
@inline
function limit(x: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(LOG2_SMALLEST)), f32x4.splat(LOG2_LARGEST));
}

/**
 * From the correlations at the extrapolated point to the next point: one multiplicative step in the logarithm, then Nesterov's
 * extrapolation, dropped where it points uphill (adaptive restart by the gradient, O'Donoghue and Candes 2015).
 * @param columnSums [templates] > 0
 * @param momentum of this step
 * @returns momentum of the next step
 */
function advance(state: usize, templates: usize, columnSums: usize, momentum: f32): f32 {
  const points = pointOf(state);
  const logarithms = logarithmOf(state, templates);
  const extrapolated = extrapolatedOf(state, templates);
  const changes = changeOf(state, templates);
  const correlations = correlationsOf(state, templates);
  const bytes = templates << 2;
  const one = f32x4.splat(1);
  let slope = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const c = correlations + (at << 2);
    const sums = horizontalSums(v128.load(c, 0), v128.load(c, 16), v128.load(c, 32), v128.load(c, 48));
    const columns = v128.load(columnSums + at);
    const ratios = f32x4.pmax(f32x4.div(sums, columns), f32x4.splat(SMALLEST_RATIO));
    const step = f32x4.mul(f32x4.splat(STEP), log2(ratios));
    const next = limit(f32x4.add(v128.load(extrapolated + at), step));
    const change = f32x4.sub(next, v128.load(logarithms + at));
    const weights = f32x4.mul(v128.load(points + at), columns);
    slope = f32x4.add(slope, f32x4.mul(f32x4.mul(weights, f32x4.sub(one, ratios)), change));
    v128.store(logarithms + at, next);
    v128.store(changes + at, change);
  }
  const previous: f32 = horizontalSum(slope) > 0 ? 1 : momentum;
  const following: f32 = (1 + sqrt<f32>(1 + 4 * previous * previous)) / 2;
  const extrapolation = f32x4.splat((previous - 1) / following);
  for (let at: usize = 0; at < bytes; at += 16) {
    const change = f32x4.mul(extrapolation, v128.load(changes + at));
    const point = limit(f32x4.add(v128.load(logarithms + at), change));
    v128.store(extrapolated + at, point);
    v128.store(points + at, exp2(point));
  }
  return following;
}

/** Writes the solution. */
function finish(state: usize, templates: usize, activations: usize): void {
  const logarithms = logarithmOf(state, templates);
  const bytes = templates << 2;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(activations + at, exp2(v128.load(logarithms + at)));
}

/** How far the latest step moved, as the mean of |change| in octaves weighted by the level of each template. */
function movement(state: usize, templates: usize, columnSums: usize): f32 {
  const points = pointOf(state);
  const changes = changeOf(state, templates);
  let moved = f32x4.splat(0);
  let total = f32x4.splat(0);
  const bytes = templates << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const level = f32x4.mul(v128.load(points + at), v128.load(columnSums + at));
    moved = f32x4.add(moved, f32x4.mul(level, f32x4.abs(v128.load(changes + at))));
    total = f32x4.add(total, level);
  }
  return horizontalSum(moved) / max<f32>(horizontalSum(total), SMALLEST_RATIO);
}

function solveFrame(
  packed: usize,
  tiles: usize,
  templates: usize,
  columnSums: usize,
  magnitudes: usize,
  activations: usize,
  scratch: usize,
  iterations: i32,
  tolerance: f32,
): i32 {
  const model = scratch;
  const state = scratch + TILE_BYTES;
  const correlations = correlationsOf(state, templates);
  const tileBytes = templates * TILE_BYTES;
  begin(state, templates, activations);
  let momentum: f32 = FIRST_MOMENTUM;
  let done = 0;
  while (done < iterations) {
    memory.fill(correlations, 0, templates << 4);
    for (let tile: usize = 0; tile < tiles; tile++) {
      const at = packed + tile * tileBytes;
      modelTile(at, templates, pointOf(state), model);
      divideTile(magnitudes + tile * TILE_BYTES, model);
      correlateTile(at, templates, model, correlations);
    }
    momentum = advance(state, templates, columnSums, momentum);
    done++;
    if (tolerance > 0 && movement(state, templates, columnSums) < tolerance) break;
  }
  finish(state, templates, activations);
  return done;
}

function solveFourFrames(
  packed: usize,
  tiles: usize,
  templates: usize,
  columnSums: usize,
  magnitudes: usize,
  activations: usize,
  scratch: usize,
  iterations: i32,
  tolerance: f32,
): i32 {
  const ratios = scratch;
  const states = scratch + (TILE_BYTES << 2);
  const stride = stateBytes(templates);
  const magnitudeStride = tiles * TILE_BYTES;
  const tileBytes = templates * TILE_BYTES;
  let ma: f32 = FIRST_MOMENTUM, mb = ma, mc = ma, md = ma;
  for (let frame: usize = 0; frame < 4; frame++) {
    begin(states + frame * stride, templates, activations + frame * (templates << 2));
  }
  let done = 0;
  while (done < iterations) {
    for (let frame: usize = 0; frame < 4; frame++) {
      memory.fill(correlationsOf(states + frame * stride, templates), 0, templates << 4);
    }
    for (let tile: usize = 0; tile < tiles; tile++) {
      const at = packed + tile * tileBytes;
      ratioTile4(at, templates, states, stride, magnitudes + tile * TILE_BYTES, magnitudeStride, ratios);
      correlateTile4(at, templates, ratios, correlationsOf(states, templates), stride);
    }
    ma = advance(states, templates, columnSums, ma);
    mb = advance(states + stride, templates, columnSums, mb);
    mc = advance(states + 2 * stride, templates, columnSums, mc);
    md = advance(states + 3 * stride, templates, columnSums, md);
    done++;
    if (tolerance > 0) {
      let moved: f32 = 0;
      for (let frame: usize = 0; frame < 4; frame++) {
        moved = max(moved, movement(states + frame * stride, templates, columnSums));
      }
      if (moved < tolerance) break;
    }
  }
  for (let frame: usize = 0; frame < 4; frame++) {
    finish(states + frame * stride, templates, activations + frame * (templates << 2));
  }
  return done;
}

/**
 * Solves 1 to 8 frames, four at a time where there are four: min over h >= 0 of sum V log(V / W h) - V + W h.
 * @param packed W as [tile][template][24 bins]
 * @param templates number of templates, a multiple of 4
 * @param columnSums [templates] sum over bins of each template, > 0
 * @param magnitudes V [frames x tiles x 24]
 * @param activations h [frames x templates], start and solution
 * @param scratch `solverScratchBytes` of memory
 * @param tolerance stop when the mean movement in octaves falls below; 0: never
 * @returns iterations of the longest frame
 */
export function solve(
  packed: usize,
  tiles: usize,
  templates: usize,
  columnSums: usize,
  magnitudes: usize,
  activations: usize,
  scratch: usize,
  frames: usize,
  iterations: i32,
  tolerance: f32,
): i32 {
  let longest = 0;
  let frame: usize = 0;
  for (; frame + 4 <= frames; frame += 4) {
    const v = magnitudes + frame * tiles * TILE_BYTES;
    const h = activations + frame * (templates << 2);
    longest = max(longest, solveFourFrames(packed, tiles, templates, columnSums, v, h, scratch, iterations, tolerance));
  }
  for (; frame < frames; frame++) {
    const v = magnitudes + frame * tiles * TILE_BYTES;
    const h = activations + frame * (templates << 2);
    longest = max(longest, solveFrame(packed, tiles, templates, columnSums, v, h, scratch, iterations, tolerance));
  }
  return longest;
}
