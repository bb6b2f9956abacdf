// Matrix products of activations and templates over many frames, for learning. One tile of templates stays in the first-level cache while
// the loop runs over all frames.

import { gatherTile, modelTile4, TILE_BYTES } from './tiles';

/** Frames per batch: their values stay in the first-level cache beside a tile of templates. */
const GATHERED_FRAMES: usize = 32;

/**
 * models[frame][bin] = sum over templates of activation * template.
 * @param frames multiple of 4
 * @param activations [frames x templates]
 * @param models [frames x tiles * 24], overwritten
 */
export function multiplyFrames(
  packed: usize,
  tiles: usize,
  templates: usize,
  activations: usize,
  frames: usize,
  models: usize,
): void {
  const activationStride = templates << 2;
  const modelStride = tiles * TILE_BYTES;
  for (let offset: usize = 0; offset < modelStride; offset += TILE_BYTES) {
    const tile = packed + offset * templates;
    for (let frame: usize = 0; frame < frames; frame += 4) {
      const out = models + frame * modelStride + offset;
      modelTile4(tile, templates, activations + frame * activationStride, activationStride, out, modelStride);
    }
  }
}

/**
 * gathered[template][bin] += sum over frames of activation * value.
 * @param gathered in the layout of packed templates
 * @param values [frames x tiles * 24]
 * @param scratch [32 * 24]
 */
export function gatherFrames(
  gathered: usize,
  tiles: usize,
  templates: usize,
  activations: usize,
  frames: usize,
  values: usize,
  scratch: usize,
): void {
  const activationStride = templates << 2;
  const valueStride = tiles * TILE_BYTES;
  for (let offset: usize = 0; offset < valueStride; offset += TILE_BYTES) {
    for (let first: usize = 0; first < frames; first += GATHERED_FRAMES) {
      const count = min(GATHERED_FRAMES, frames - first);
      for (let frame: usize = 0; frame < count; frame++) {
        memory.copy(scratch + frame * TILE_BYTES, values + (first + frame) * valueStride + offset, TILE_BYTES);
      }
      gatherTile(
        gathered + offset * templates,
        templates,
        activations + first * activationStride,
        activationStride,
        scratch,
        count,
      );
    }
  }
}
