/** Scales each row to mean 1, in place, so that an activation is the level of its template. @param values [rows x bins] */
export function normalizeRows(values: Float32Array, bins: number): Float32Array {
  for (let row = 0; row < values.length; row += bins) {
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) sum += values[row + bin]!;
    const scale = sum > 0 ? bins / sum : 0;
    for (let bin = 0; bin < bins; bin++) values[row + bin]! *= scale;
  }
  return values;
}
