// Both factors of a non-negative factorization over whole recordings: Lee and Seung's multiplicative updates (2001), four frames at
// a time. The matrix products with the templates and with the ratio of spectrum and model are fused, so that neither the model nor
// the ratio is ever written out.

import { divideTile } from './frame';
import { correlateTile4, gatherTile4, modelTile4, TILE_BYTES } from './tiles';
import { horizontalSums } from './vector';

/** Activations stay above denormal numbers, and can come back. */
const SMALLEST_ACTIVATION: f32 = 1e-20;
/** Template values below become zero, before they turn denormal. */
const SMALLEST_TEMPLATE: f32 = 1e-12;

/**
 * One update of all activations; where `gathered` is given, also collects the numerators of the templates' update with the new ones.
 * @param frames a multiple of 4; frames beyond the recording have V = 0
 * @param templates a multiple of 4
 * @param activations [frames x templates], updated
 * @param gathered 0, or laid out as `packed`, set to zero by the caller
 * @param scratch 4 * 24 + 4 * 4 * templates numbers
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
  const correlations = scratch + (TILE_BYTES << 2);
  const correlationStride = templates << 4;
  const activationStride = templates << 2;
  const magnitudeStride = tiles * TILE_BYTES;
  const tileBytes = templates * TILE_BYTES;
  for (let frame: usize = 0; frame < frames; frame += 4) {
    const h = activations + frame * activationStride;
    const v = magnitudes + frame * magnitudeStride;
    memory.fill(correlations, 0, correlationStride << 2);
    for (let tile: usize = 0; tile < tiles; tile++) {
      const at = packed + tile * tileBytes;
      ratioTile4(at, templates, h, activationStride, v + tile * TILE_BYTES, magnitudeStride, ratios);
      correlateTile4(at, templates, ratios, correlations, correlationStride);
    }
    for (let row: usize = 0; row < 4; row++) {
      const c = correlations + row * correlationStride;
      const values = h + row * activationStride;
      for (let at: usize = 0; at < activationStride; at += 16) {
        const sums = horizontalSums(
          v128.load(c + (at << 2), 0),
          v128.load(c + (at << 2), 16),
          v128.load(c + (at << 2), 32),
          v128.load(c + (at << 2), 48),
        );
        const factor = f32x4.div(sums, v128.load(columnSums + at));
        const updated = f32x4.pmax(f32x4.mul(v128.load(values + at), factor), f32x4.splat(SMALLEST_ACTIVATION));
        v128.store(values + at, updated);
      }
    }
    if (gathered == 0) continue;
    for (let tile: usize = 0; tile < tiles; tile++) {
      const at = packed + tile * tileBytes;
      ratioTile4(at, templates, h, activationStride, v + tile * TILE_BYTES, magnitudeStride, ratios);
      gatherTile4(gathered + tile * tileBytes, templates, h, activationStride, ratios);
    }
  }
}

/**
 * Templates times their numerators over the sum of their activations.
 * @param activationSums [templates] > 0
 */
export function updateTemplates(packed: usize, tiles: usize, templates: usize, gathered: usize, activationSums: usize): void {
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

// @ts-ignore: decorator
@inline
function ratioTile4(
  tile: usize,
  templates: usize,
  activations: usize,
  activationStride: usize,
  magnitudes: usize,
  magnitudeStride: usize,
  ratios: usize,
): void {
  modelTile4(tile, templates, activations, activationStride, ratios, TILE_BYTES);
  for (let row: usize = 0; row < 4; row++) {
    divideTile(magnitudes + row * magnitudeStride, ratios + row * TILE_BYTES, ratios + row * TILE_BYTES);
  }
}
