/** Scalar product: 1 for the same direction, 0 for unrelated ones. @param other of the same length */
export function similarity(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let element = 0; element < one.length; element++) sum += one[element]! * other[element]!;
  return sum;
}

/** @returns the vector scaled to length 1; zeros stay zeros */
export function unitVector(vector: Float32Array): Float32Array {
  const length = Math.sqrt(similarity(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}
