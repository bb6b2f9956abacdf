// Inner loops over templates packed as [tile][template][24 bins]. Each tile of all templates is used twice while it is in the first-level
// cache: for the model, then for the correlation with the ratio of spectrum and model. No horizontal sum per bin.
// WebAssembly compilers load all operands of a loop body before using the first: 6 vectors of templates, 6 of sums or ratios and one
// factor fit the 15 registers, 8 of each would not.

import { multiplyAdd } from './vector';

/** Bins of a tile: six vectors, the most that registers hold beside the operands. */
export const TILE_BINS: usize = 24;
export const TILE_BYTES: usize = TILE_BINS << 2;

/**
 * model[24 bins] = sum over templates of activation * template, for one frame.
 * @param tile address of the tile's first template
 * @param activations [templates]
 * @param model [24], overwritten
 */
// @inline
export function modelTile(tile: usize, templates: usize, activations: usize, model: usize): void {
  let m0 = f32x4.splat(0);
  let m1 = m0;
  let m2 = m0;
  let m3 = m0;
  let m4 = m0;
  let m5 = m0;
  const end = activations + (templates << 2);
  for (let at = tile; activations < end; activations += 4, at += TILE_BYTES) {
    const h = v128.load32_splat(activations);
    m0 = multiplyAdd(v128.load(at, 0), h, m0);
    m1 = multiplyAdd(v128.load(at, 16), h, m1);
    m2 = multiplyAdd(v128.load(at, 32), h, m2);
    m3 = multiplyAdd(v128.load(at, 48), h, m3);
    m4 = multiplyAdd(v128.load(at, 64), h, m4);
    m5 = multiplyAdd(v128.load(at, 80), h, m5);
  }
  v128.store(model, m0, 0);
  v128.store(model, m1, 16);
  v128.store(model, m2, 32);
  v128.store(model, m3, 48);
  v128.store(model, m4, 64);
  v128.store(model, m5, 80);
}

/**
 * correlation[template] += sum over 24 bins of template * ratio, as four partial sums, for one frame.
 * @param ratios [24]
 * @param correlations [templates x 4]
 */
// @inline
export function correlateTile(tile: usize, templates: usize, ratios: usize, correlations: usize): void {
  const r0 = v128.load(ratios, 0);
  const r1 = v128.load(ratios, 16);
  const r2 = v128.load(ratios, 32);
  const r3 = v128.load(ratios, 48);
  const r4 = v128.load(ratios, 64);
  const r5 = v128.load(ratios, 80);
  const end = correlations + (templates << 4);
  for (let at = tile; correlations < end; correlations += 16, at += TILE_BYTES) {
    let even = f32x4.mul(v128.load(at, 0), r0);
    let odd = multiplyAdd(v128.load(at, 16), r1, v128.load(correlations));
    even = multiplyAdd(v128.load(at, 32), r2, even);
    odd = multiplyAdd(v128.load(at, 48), r3, odd);
    even = multiplyAdd(v128.load(at, 64), r4, even);
    odd = multiplyAdd(v128.load(at, 80), r5, odd);
    v128.store(correlations, f32x4.add(even, odd));
  }
}

/**
 * model[4 frames][24 bins] = sum over templates of activation * template: each template is loaded once for all frames.
 * @param activations four rows, `activationStride` bytes apart
 * @param model four rows, `modelStride` bytes apart, overwritten
 */
// @inline
export function modelTile4(
  tile: usize,
  templates: usize,
  activations: usize,
  activationStride: usize,
  model: usize,
  modelStride: usize,
): void {
  const second = activationStride;
  const third = activationStride << 1;
  const fourth = third + activationStride;
  for (let part: usize = 0; part < TILE_BYTES; part += 32) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    let at = tile + part;
    const end = activations + (templates << 2);
    for (let h = activations; h < end; h += 4, at += TILE_BYTES) {
      const w0 = v128.load(at, 0);
      const w1 = v128.load(at, 16);
      const ha = v128.load32_splat(h);
      a0 = multiplyAdd(w0, ha, a0);
      a1 = multiplyAdd(w1, ha, a1);
      const hb = v128.load32_splat(h + second);
      b0 = multiplyAdd(w0, hb, b0);
      b1 = multiplyAdd(w1, hb, b1);
      const hc = v128.load32_splat(h + third);
      c0 = multiplyAdd(w0, hc, c0);
      c1 = multiplyAdd(w1, hc, c1);
      const hd = v128.load32_splat(h + fourth);
      d0 = multiplyAdd(w0, hd, d0);
      d1 = multiplyAdd(w1, hd, d1);
    }
    let out = model + part;
    v128.store(out, a0, 0);
    v128.store(out, a1, 16);
    out += modelStride;
    v128.store(out, b0, 0);
    v128.store(out, b1, 16);
    out += modelStride;
    v128.store(out, c0, 0);
    v128.store(out, c1, 16);
    out += modelStride;
    v128.store(out, d0, 0);
    v128.store(out, d1, 16);
  }
}

/**
 * correlation[4 frames][template] += sum over 24 bins of template * ratio, as four partial sums; two templates by four frames in registers.
 * @param templates even
 * @param correlations four rows of [templates x 4], `correlationStride` bytes apart
 */
// @inline
export function correlateTile4(
  tile: usize,
  templates: usize,
  ratios: usize,
  correlations: usize,
  correlationStride: usize,
): void {
  const second = correlationStride;
  const third = correlationStride << 1;
  const fourth = third + correlationStride;
  const end = correlations + (templates << 4);
  for (let at = tile; correlations < end; correlations += 32, at += TILE_BYTES << 1) {
    let a0 = v128.load(correlations, 0);
    let a1 = v128.load(correlations, 16);
    let b0 = v128.load(correlations + second, 0);
    let b1 = v128.load(correlations + second, 16);
    let c0 = v128.load(correlations + third, 0);
    let c1 = v128.load(correlations + third, 16);
    let d0 = v128.load(correlations + fourth, 0);
    let d1 = v128.load(correlations + fourth, 16);
    for (let part: usize = 0; part < TILE_BYTES; part += 16) {
      const w0 = v128.load(at + part, 0);
      const w1 = v128.load(at + part, 96);
      const ra = v128.load(ratios + part, 0);
      a0 = multiplyAdd(w0, ra, a0);
      a1 = multiplyAdd(w1, ra, a1);
      const rb = v128.load(ratios + part, 96);
      b0 = multiplyAdd(w0, rb, b0);
      b1 = multiplyAdd(w1, rb, b1);
      const rc = v128.load(ratios + part, 192);
      c0 = multiplyAdd(w0, rc, c0);
      c1 = multiplyAdd(w1, rc, c1);
      const rd = v128.load(ratios + part, 288);
      d0 = multiplyAdd(w0, rd, d0);
      d1 = multiplyAdd(w1, rd, d1);
    }
    v128.store(correlations, a0, 0);
    v128.store(correlations, a1, 16);
    v128.store(correlations + second, b0, 0);
    v128.store(correlations + second, b1, 16);
    v128.store(correlations + third, c0, 0);
    v128.store(correlations + third, c1, 16);
    v128.store(correlations + fourth, d0, 0);
    v128.store(correlations + fourth, d1, 16);
  }
}

/**
 * gathered[template][24 bins] += sum over frames of activation * ratio: the numerator of the templates' update; four templates by
 * eight bins in registers.
 * @param gathered one tile in the layout of the templates
 * @param templates multiple of 4
 * @param activations one row a frame, `activationStride` bytes apart
 * @param ratios [frames x 24]
 */
// @inline
export function gatherTile(
  gathered: usize,
  templates: usize,
  activations: usize,
  activationStride: usize,
  ratios: usize,
  frames: usize,
): void {
  const end = ratios + frames * TILE_BYTES;
  for (let at = gathered; templates > 0; templates -= 4, activations += 16, at += TILE_BYTES << 2) {
    for (let part: usize = 0; part < TILE_BYTES; part += 32) {
      let a0 = v128.load(at + part, 0);
      let a1 = v128.load(at + part, 16);
      let b0 = v128.load(at + part, 96);
      let b1 = v128.load(at + part, 112);
      let c0 = v128.load(at + part, 192);
      let c1 = v128.load(at + part, 208);
      let d0 = v128.load(at + part, 288);
      let d1 = v128.load(at + part, 304);
      let h = activations;
      for (let r = ratios + part; r < end; r += TILE_BYTES, h += activationStride) {
        const r0 = v128.load(r, 0);
        const r1 = v128.load(r, 16);
        const ha = v128.load32_splat(h, 0);
        a0 = multiplyAdd(r0, ha, a0);
        a1 = multiplyAdd(r1, ha, a1);
        const hb = v128.load32_splat(h, 4);
        b0 = multiplyAdd(r0, hb, b0);
        b1 = multiplyAdd(r1, hb, b1);
        const hc = v128.load32_splat(h, 8);
        c0 = multiplyAdd(r0, hc, c0);
        c1 = multiplyAdd(r1, hc, c1);
        const hd = v128.load32_splat(h, 12);
        d0 = multiplyAdd(r0, hd, d0);
        d1 = multiplyAdd(r1, hd, d1);
      }
      v128.store(at + part, a0, 0);
      v128.store(at + part, a1, 16);
      v128.store(at + part, b0, 96);
      v128.store(at + part, b1, 112);
      v128.store(at + part, c0, 192);
      v128.store(at + part, c1, 208);
      v128.store(at + part, d0, 288);
      v128.store(at + part, d1, 304);
    }
  }
}
