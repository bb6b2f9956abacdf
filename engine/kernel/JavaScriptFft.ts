/** JavaScript version of the kernel's Fourier transform: self-sorting passes of radix 2 to 5. Offsets are in elements, not bytes. */
export class JavaScriptFft {
  private readonly memory: Float32Array;
  private readonly plan: Uint32Array;
  /** For each radix 2 to 5: [output][input][2] cosine and sine of -2 pi input * output / radix. */
  private readonly roots = [2, 3, 4, 5].map(rootsOfUnity);

  constructor(buffer: ArrayBuffer) {
    this.memory = new Float32Array(buffer);
    this.plan = new Uint32Array(buffer);
  }

  forward(
    samples: number,
    spectrum: number,
    half: number,
    plan: number,
    passes: number,
    twiddles: number,
    turns: number,
    work: number,
  ): void {
    const { memory } = this;
    for (let n = 0; n < half; n++) {
      memory[work + n] = memory[samples + 2 * n]!;
      memory[work + half + n] = memory[samples + 2 * n + 1]!;
    }
    const side = this.transform(work, work + half, work + 2 * half, work + 3 * half, half, plan, passes, twiddles);
    const re = work + side * 2 * half;
    const im = re + half;
    for (let k = 0; k <= half; k++) {
      const at = k % half;
      const mirror = (half - k) % half;
      const evenRe = memory[re + at]! + memory[re + mirror]!;
      const evenIm = memory[im + at]! - memory[im + mirror]!;
      const oddRe = memory[re + at]! - memory[re + mirror]!;
      const oddIm = memory[im + at]! + memory[im + mirror]!;
      const cos = k === half ? -1 : memory[turns + k]!;
      const sin = k === half ? 0 : memory[turns + half + k]!;
      memory[spectrum + 2 * k] = 0.5 * (evenRe + cos * oddIm - sin * oddRe);
      memory[spectrum + 2 * k + 1] = 0.5 * (evenIm - cos * oddRe - sin * oddIm);
    }
  }

  inverse(
    samples: number,
    spectrum: number,
    half: number,
    plan: number,
    passes: number,
    twiddles: number,
    turns: number,
    work: number,
  ): void {
    const { memory } = this;
    for (let k = 0; k < half; k++) {
      const at = spectrum + 2 * k;
      const mirror = spectrum + 2 * (half - k);
      const oddRe = memory[at]! - memory[mirror]!;
      const oddIm = memory[at + 1]! + memory[mirror + 1]!;
      const cos = memory[turns + k]!;
      const sin = memory[turns + half + k]!;
      memory[work + k] = memory[at]! + memory[mirror]! - (oddRe * sin + oddIm * cos);
      memory[work + half + k] = memory[at + 1]! - memory[mirror + 1]! + (oddRe * cos - oddIm * sin);
    }
    const side = this.transform(work + half, work, work + 3 * half, work + 2 * half, half, plan, passes, twiddles);
    const re = work + side * 2 * half;
    for (let n = 0; n < half; n++) {
      memory[samples + 2 * n] = (0.5 * memory[re + n]!) / half;
      memory[samples + 2 * n + 1] = (0.5 * memory[re + half + n]!) / half;
    }
  }

  /** @returns 0 if the result lies in the first pair of planes, 1 if in the second */
  private transform(
    re: number,
    im: number,
    otherRe: number,
    otherIm: number,
    half: number,
    plan: number,
    passes: number,
    twiddles: number,
  ): number {
    let fromRe = re;
    let fromIm = im;
    let toRe = otherRe;
    let toIm = otherIm;
    let stride = 1;
    let length = half;
    let twiddle = twiddles;
    for (let pass = 0; pass < passes; pass++) {
      const radix = this.plan[plan + pass]!;
      const groups = length / radix;
      this.pass(fromRe, fromIm, toRe, toIm, radix, groups, stride, twiddle);
      twiddle += 2 * (radix - 1) * groups;
      stride *= radix;
      length = groups;
      const sparedRe = fromRe;
      const sparedIm = fromIm;
      fromRe = toRe;
      fromIm = toIm;
      toRe = sparedRe;
      toIm = sparedIm;
    }
    return passes % 2;
  }

  private pass(
    re: number,
    im: number,
    toRe: number,
    toIm: number,
    radix: number,
    groups: number,
    stride: number,
    twiddles: number,
  ): void {
    const { memory } = this;
    const roots = this.roots[radix - 2]!;
    for (let output = 0; output < radix; output++) {
      for (let k = 0; k < groups; k++) {
        const twiddle = twiddles + 2 * (output - 1) * groups + k;
        const turnRe = output === 0 ? 1 : memory[twiddle]!;
        const turnIm = output === 0 ? 0 : memory[twiddle + groups]!;
        for (let q = 0; q < stride; q++) {
          let sumRe = 0;
          let sumIm = 0;
          for (let input = 0; input < radix; input++) {
            const cos = roots[2 * (output * radix + input)]!;
            const sin = roots[2 * (output * radix + input) + 1]!;
            const at = q + stride * (k + groups * input);
            sumRe += memory[re + at]! * cos - memory[im + at]! * sin;
            sumIm += memory[re + at]! * sin + memory[im + at]! * cos;
          }
          const to = q + stride * (radix * k + output);
          memory[toRe + to] = sumRe * turnRe - sumIm * turnIm;
          memory[toIm + to] = sumRe * turnIm + sumIm * turnRe;
        }
      }
    }
  }
}

function rootsOfUnity(radix: number): Float64Array {
  const roots = new Float64Array(2 * radix * radix);
  for (let output = 0; output < radix; output++) {
    for (let input = 0; input < radix; input++) {
      const angle = (-2 * Math.PI * input * output) / radix;
      roots[2 * (output * radix + input)] = Math.cos(angle);
      roots[2 * (output * radix + input) + 1] = Math.sin(angle);
    }
  }
  return roots;
}
