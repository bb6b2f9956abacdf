/** @returns Pearson's correlation coefficient; 0 if one side is constant */
export function correlation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const firstMean = mean(first);
  const secondMean = mean(second);
  let product = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  for (let index = 0; index < first.length; index++) {
    const left = first[index]! - firstMean;
    const right = second[index]! - secondMean;
    product += left * right;
    firstSquares += left * left;
    secondSquares += right * right;
  }
  return firstSquares > 0 && secondSquares > 0 ? product / Math.sqrt(firstSquares * secondSquares) : 0;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return values.length > 0 ? sum / values.length : 0;
}
