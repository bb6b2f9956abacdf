// Activations of 1 to 8 frames with templates held fixed, and the product of both. `frame.ts` explains the algorithm for one frame.

import {
  activationsOf,
  advanceTile,
  begin,
  correlationsOf,
  direct,
  directionModelOf,
  directionOf,
  divideTile,
  finish,
  modelOf,
  searchTile,
  stateBytes,
  step,
} from './frame';
import { correlateTile, correlateTile4, modelTile, modelTile4, TILE_BYTES } from './tiles';

/** The model is updated incrementally and recomputed after this many iterations, to bound the accumulated rounding error. */
const REFRESH_ITERATIONS: i32 = 16;

/** model[tiles x 24] = templates * activations for one frame. */
export function multiplyTemplates(
  packed: usize,
  tiles: usize,
  templates: usize,
  activations: usize,
  model: usize,
): void {
  for (let offset: usize = 0; offset < tiles * TILE_BYTES; offset += TILE_BYTES) {
    modelTile(packed + offset * templates, templates, activations, model + offset);
  }
}

function solveFrame(
  packed: usize,
  tiles: usize,
  templates: usize,
  columnSums: usize,
  magnitudes: usize,
  activations: usize,
  gaps: usize,
  scratch: usize,
  iterations: i32,
  tolerance: f32,
): i32 {
  const ratios = scratch;
  const state = scratch + (TILE_BYTES << 2);
  const model = modelOf(state, templates);
  const end = tiles * TILE_BYTES;
  begin(state, tiles, templates, magnitudes, activations);
  let done = 0;
  while (done < iterations) {
    const refreshes = done % REFRESH_ITERATIONS === 0;
    for (let offset: usize = 0; offset < end; offset += TILE_BYTES) {
      const tile = packed + offset * templates;
      if (done > 0) advanceTile(state, tiles, templates, tile, offset);
      if (refreshes) modelTile(tile, templates, activationsOf(state), model + offset);
      divideTile(magnitudes + offset, model + offset, ratios);
      correlateTile(tile, templates, ratios, correlationsOf(state, templates));
    }
    direct(state, templates, columnSums);
    for (let offset: usize = 0; offset < end; offset += TILE_BYTES) {
      const tile = packed + offset * templates;
      modelTile(tile, templates, directionOf(state, templates), directionModelOf(state, tiles, templates) + offset);
      searchTile(state, tiles, templates, magnitudes + offset, offset);
    }
    done++;
    if (step(state, templates, columnSums) < tolerance) break;
  }
  finish(state, templates, activations, gaps);
  return done;
}

function solveFourFrames(
  packed: usize,
  tiles: usize,
  templates: usize,
  columnSums: usize,
  magnitudes: usize,
  activations: usize,
  gaps: usize,
  scratch: usize,
  iterations: i32,
  tolerance: f32,
): i32 {
  const ratios = scratch;
  const first = scratch + (TILE_BYTES << 2);
  const stride = stateBytes(tiles, templates);
  const last = first + 3 * stride;
  const end = tiles * TILE_BYTES;
  const activationBytes = templates << 2;
  for (
    let state = first, v = magnitudes, h = activations;
    state <= last;
    state += stride, v += end, h += activationBytes
  ) {
    begin(state, tiles, templates, v, h);
  }
  let done = 0;
  while (done < iterations) {
    const refreshes = done % REFRESH_ITERATIONS === 0;
    for (let offset: usize = 0; offset < end; offset += TILE_BYTES) {
      const tile = packed + offset * templates;
      if (done > 0)
        for (let state = first; state <= last; state += stride) advanceTile(state, tiles, templates, tile, offset);
      if (refreshes)
        modelTile4(tile, templates, activationsOf(first), stride, modelOf(first, templates) + offset, stride);
      let v = magnitudes + offset;
      let ratio = ratios;
      for (let state = first; state <= last; state += stride, v += end, ratio += TILE_BYTES) {
        divideTile(v, modelOf(state, templates) + offset, ratio);
      }
      correlateTile4(tile, templates, ratios, correlationsOf(first, templates), stride);
    }
    for (let state = first; state <= last; state += stride) direct(state, templates, columnSums);
    for (let offset: usize = 0; offset < end; offset += TILE_BYTES) {
      const tile = packed + offset * templates;
      const directions = directionOf(first, templates);
      modelTile4(tile, templates, directions, stride, directionModelOf(first, tiles, templates) + offset, stride);
      let v = magnitudes + offset;
      for (let state = first; state <= last; state += stride, v += end) searchTile(state, tiles, templates, v, offset);
    }
    done++;
    let decrease: f32 = 0;
    for (let state = first; state <= last; state += stride)
      decrease = max(decrease, step(state, templates, columnSums));
    if (decrease < tolerance) break;
  }
  for (let state = first, h = activations; state <= last; state += stride, h += activationBytes, gaps += 4) {
    finish(state, templates, h, gaps);
  }
  return done;
}

/**
 * Solves 1 to 8 frames, in groups of four as long as possible.
 * @param packed W as [tile][template][24 bins]
 * @param templates number of templates, multiple of 4
 * @param columnSums [templates] sum over bins of each template, > 0
 * @param magnitudes V [frames x tiles x 24], no frame all zero
 * @param activations h [frames x templates] > 0, starting point and solution
 * @param gaps [frames] upper bounds of (D(h) - min D) / sum V, overwritten
 * @param scratch four rows of a tile, and one state for each frame solved at once
 * @param iterations maximum per frame
 * @param tolerance iterations end when one lowers D by less than this fraction of sum V
 * @returns largest number of iterations of any frame
 */
export function solve(
  packed: usize,
  tiles: usize,
  templates: usize,
  columnSums: usize,
  magnitudes: usize,
  activations: usize,
  gaps: usize,
  scratch: usize,
  frames: usize,
  iterations: i32,
  tolerance: f32,
): i32 {
  const frameBytes = tiles * TILE_BYTES;
  const rowBytes = templates << 2;
  let longest = 0;
  let frame: usize = 0;
  for (; frame + 4 <= frames; frame += 4) {
    const v = magnitudes + frame * frameBytes;
    const h = activations + frame * rowBytes;
    const gap = gaps + (frame << 2);
    longest = max(
      longest,
      solveFourFrames(packed, tiles, templates, columnSums, v, h, gap, scratch, iterations, tolerance),
    );
  }
  for (; frame < frames; frame++) {
    const v = magnitudes + frame * frameBytes;
    const h = activations + frame * rowBytes;
    const gap = gaps + (frame << 2);
    longest = max(longest, solveFrame(packed, tiles, templates, columnSums, v, h, gap, scratch, iterations, tolerance));
  }
  return longest;
}
