// Multiplicative updates (Lee and Seung 2001) of both factors of a non-negative factorization of a whole recording. The matrix products
// with the templates and with the ratio of spectrum and model are fused, so that neither the model nor the ratio of the whole recording
// is ever stored.

import { divideTile } from './frame';
import { correlateTile4, gatherTile, modelTile4, TILE_BYTES } from './tiles';
import { horizontalSums } from './vector';

/** Lower bound of activations: above denormal numbers, and not zero, from which a multiplicative update could not return. */
const SMALLEST_ACTIVATION: f32 = 1e-20;
/** Smaller template values become zero before they turn denormal. */
const SMALLEST_TEMPLATE: f32 = 1e-12;
/** Frames per batch: their ratios stay in the first-level cache beside a tile of templates while the numerators are accumulated. */
const GATHERED_FRAMES: usize = 32;

/**
 * Updates all activations once. With `gathered`, also accumulates the numerators of the templates' update from the new activations.
 * @param frames multiple of 4; frames beyond the recording have V = 0
 * @param templates multiple of 4
 * @param activations [frames x templates], updated in place
 * @param gathered numerators in the layout of `packed`, zeroed by the caller; 0 to skip them
 * @param scratch [32 * 24 + 4 * 4 * templates]
 */
export function updateActivations(
  packed: usize,
  tiles: usize,
  templates: usize,
  columnSums: usize,
  magnitudes: usize,
  frames: usize,
  activations: usize,
  gathered: usize,
  scratch: usize,
): void {
  const ratios = scratch;
  const correlations = scratch + GATHERED_FRAMES * TILE_BYTES;
  const activationStride = templates << 2;
  const magnitudeStride = tiles * TILE_BYTES;
  for (let first: usize = 0; first < frames; first += GATHERED_FRAMES) {
    const count = min(GATHERED_FRAMES, frames - first);
    const h = activations + first * activationStride;
    const v = magnitudes + first * magnitudeStride;
    for (let frame: usize = 0; frame < count; frame += 4) {
      const row = h + frame * activationStride;
      updateFour(packed, tiles, templates, columnSums, v + frame * magnitudeStride, row, ratios, correlations);
    }
    if (gathered === 0) continue;
    for (let offset: usize = 0; offset < magnitudeStride; offset += TILE_BYTES) {
      for (let frame: usize = 0; frame < count; frame += 4) {
        const row = h + frame * activationStride;
        const spectra = v + frame * magnitudeStride + offset;
        ratioTile4(packed + offset * templates, templates, row, spectra, magnitudeStride, ratios + frame * TILE_BYTES);
      }
      gatherTile(gathered + offset * templates, templates, h, activationStride, ratios, count);
    }
  }
}

/** Updates the activations of four frames. */
function updateFour(
  packed: usize,
  tiles: usize,
  templates: usize,
  columnSums: usize,
  magnitudes: usize,
  activations: usize,
  ratios: usize,
  correlations: usize,
): void {
  const correlationStride = templates << 4;
  const activationStride = templates << 2;
  const magnitudeStride = tiles * TILE_BYTES;
  memory.fill(correlations, 0, correlationStride << 2);
  for (let offset: usize = 0; offset < magnitudeStride; offset += TILE_BYTES) {
    const tile = packed + offset * templates;
    ratioTile4(tile, templates, activations, magnitudes + offset, magnitudeStride, ratios);
    correlateTile4(tile, templates, ratios, correlations, correlationStride);
  }
  for (let row: usize = 0; row < 4; row++) {
    const c = correlations + row * correlationStride;
    const values = activations + row * activationStride;
    for (let at: usize = 0; at < activationStride; at += 16) {
      const sums = horizontalSums(
        v128.load(c + (at << 2), 0),
        v128.load(c + (at << 2), 16),
        v128.load(c + (at << 2), 32),
        v128.load(c + (at << 2), 48),
      );
      const factor = f32x4.div(sums, v128.load(columnSums + at));
      v128.store(values + at, f32x4.pmax(f32x4.mul(v128.load(values + at), factor), f32x4.splat(SMALLEST_ACTIVATION)));
    }
  }
}

/**
 * template *= gathered / activation sum.
 * @param activationSums [templates] sum over frames of each template's activations, > 0
 */
export function updateTemplates(
  packed: usize,
  tiles: usize,
  templates: usize,
  gathered: usize,
  activationSums: usize,
): void {
  for (let tile: usize = 0; tile < tiles; tile++) {
    for (let template: usize = 0; template < templates; template++) {
      const offset = (tile * templates + template) * TILE_BYTES;
      const sum = v128.load32_splat(activationSums + (template << 2));
      for (let part: usize = 0; part < TILE_BYTES; part += 16) {
        const at = packed + offset + part;
        const value = f32x4.div(f32x4.mul(v128.load(at), v128.load(gathered + offset + part)), sum);
        const isLarge = f32x4.ge(value, f32x4.splat(SMALLEST_TEMPLATE));
        v128.store(at, v128.and(value, isLarge));
      }
    }
  }
}

/** ratios[4 frames][24 bins] = spectrum / model. */
// @inline
function ratioTile4(
  tile: usize,
  templates: usize,
  activations: usize,
  magnitudes: usize,
  magnitudeStride: usize,
  ratios: usize,
): void {
  modelTile4(tile, templates, activations, templates << 2, ratios, TILE_BYTES);
  for (let row: usize = 0; row < 4; row++) {
    divideTile(magnitudes + row * magnitudeStride, ratios + row * TILE_BYTES, ratios + row * TILE_BYTES);
  }
}
