/**
 * BSS_EVAL by its definition, sharing no code with the implementation under test: delayed references as vectors, an orthonormal basis by
 * Gram-Schmidt performed twice, projections by inner products. For short signals.
 */
export function denseBssEval(
  references: readonly Float64Array[],
  estimate: Float64Array,
  target: number,
  taps: number,
) {
  const padded = delay(estimate, 0, taps);
  const explained = project(padded, basisOf(references.flatMap((reference) => delaysOf(reference, taps))));
  const filteredTarget = project(padded, basisOf(delaysOf(references[target]!, taps)));
  return {
    sdrDecibels: ratio(filteredTarget, difference(padded, filteredTarget)),
    sirDecibels: ratio(filteredTarget, difference(explained, filteredTarget)),
    sarDecibels: ratio(explained, difference(padded, explained)),
  };
}

function delaysOf(signal: Float64Array, taps: number): Float64Array[] {
  return Array.from({ length: taps }, (_, samples) => delay(signal, samples, taps));
}

function delay(signal: Float64Array, samples: number, taps: number): Float64Array {
  const delayed = new Float64Array(signal.length + taps - 1);
  delayed.set(signal, samples);
  return delayed;
}

function basisOf(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const once = difference(vector, project(vector, basis));
    const rest = difference(once, project(once, basis));
    const length = Math.sqrt(product(rest, rest));
    if (length > 1e-9 * Math.sqrt(product(vector, vector))) basis.push(rest.map((value) => value / length));
  }
  return basis;
}

function project(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vector.length);
  for (const direction of basis) {
    const share = product(vector, direction);
    for (let n = 0; n < sum.length; n++) sum[n]! += share * direction[n]!;
  }
  return sum;
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, n) => sum + value * b[n]!, 0);
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, n) => value - b[n]!);
}

function ratio(wanted: Float64Array, unwanted: Float64Array): number {
  return 10 * Math.log10(product(wanted, wanted) / product(unwanted, unwanted));
}
