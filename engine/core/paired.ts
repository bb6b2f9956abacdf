import { InputError } from './errors.ts';

/** @returns the elements of two lists with the same index, as pairs @throws InputError if the lists differ in length */
export function paired<A, B>(first: readonly A[], second: readonly B[]): (readonly [A, B])[] {
  if (first.length !== second.length) {
    throw new InputError(`lists must have the same length, got ${first.length} and ${second.length}`);
  }
  return first.map((element, index) => [element, second[index]!]);
}
