/** Properties that a plugin must have. */
export type Property =
  | 'finite'
  | 'no-denormals'
  | 'loudness'
  | 'fences'
  | 'input-untouched'
  | 'clean-input'
  | 'same-for-any-blocks'
  | 'sum'
  | 'dry'
  | 'swap-ends'
  | 'reset'
  | 'state'
  | 'latency'
  | 'instances'
  | 'invalid-input'
  | 'allocation'
  | 'time'
  | 'swap-time';

/** A property that does not hold. Ends the case, and is reported with the seed that reproduces it. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly property: Property;

  constructor(property: Property, message: string) {
    super(message);
    this.property = property;
  }
}
