// Both factors of a non-negative factorization over whole recordings: Lee and Seung's multiplicative updates (2001). The matrix
// products with the templates and with the ratio of spectrum and model are fused, so that neither the model nor the ratio of a whole
// recording is ever written out.

import { divideTile } from './frame';
import { correlateTile4, gatherTile, modelTile4, TILE_BYTES } from './tiles';
import { horizontalSums } from './vector';

/** Activations stay above denormal numbers, and can come back. */
const SMALLEST_ACTIVATION: f32 = 1e-20;
/** Template values below become zero, before they turn denormal. */
const SMALLEST_TEMPLATE: f32 = 1e-12;
/** Frames whose ratios stay in the first-level cache beside a tile of templates while the templates' numerators are gathered. */
const GATHERED_FRAMES: usize = 32;

/**
 * One update of all activations; where `gathered` is given, also collects the numerators of the templates' update with the new ones.
 * @param frames a multiple of 4; frames beyond the recording have V = 0
 * @param templates a multiple of 4
 * @param activations [frames x templates], updated
 * @param gathered 0, or laid out as `packed`, set to zero by the caller
 * @param scratch 32 * 24 + 4 * 4 * templates numbers
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

/** The activations of four frames. */
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
 * Templates times their numerators over the sum of their activations.
 * @param activationSums [templates] > 0
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

/** ratios[4 frames][24 bins] = spectrum over model. */
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
