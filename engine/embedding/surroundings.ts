import type { EmbeddingInference, UnitSums } from './EmbeddingInference.ts';

/**
 * Embeds the surroundings of each block.
 * @param reach blocks before and after each block that count, as far as they exist
 * @returns [blocks] of unit length
 */
export function embedSurroundings(
  blocks: readonly UnitSums[],
  reach: number,
  inference: EmbeddingInference,
): Float32Array[] {
  const [first] = blocks;
  if (first === undefined) return [];
  const units = new Float64Array(first.units.length);
  const squares = new Float64Array(units.length);
  let weight = 0;
  const add = (block: UnitSums | undefined, sign: 1 | -1) => {
    if (block === undefined) return;
    weight += sign * block.weight;
    for (let unit = 0; unit < units.length; unit++) {
      units[unit]! += sign * block.units[unit]!;
      squares[unit]! += sign * block.squares[unit]!;
    }
  };
  for (let block = 0; block < reach; block++) add(blocks[block], 1);
  return blocks.map((_, block) => {
    add(blocks[block + reach], 1);
    add(blocks[block - reach - 1], -1);
    return inference.embed([{ weight, units: Float32Array.from(units), squares: Float32Array.from(squares) }]).vector;
  });
}
