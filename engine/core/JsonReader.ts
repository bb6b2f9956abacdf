import { withoutByteOrderMark } from './byteOrderMark.ts';
import { InputError } from './errors.ts';

/**
 * Reads untrusted JSON field by field. Every field read is checked; other fields are ignored. Errors name the path of the field, its
 * value and what is allowed. All methods throw InputError if the field is missing or has another form.
 */
export class JsonReader {
  private readonly fields: ReadonlyMap<string, unknown>;
  private readonly path: string;

  private constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new InputError(`${path}: must be an object, got ${describe(value)}`);
    }
    this.fields = new Map(Object.entries(value));
    this.path = path;
  }

  /**
   * @param what name of the text in errors, such as its file name
   * @throws InputError if `text` is not a JSON object
   */
  static parse(text: string, what: string): JsonReader {
    let value: unknown;
    try {
      value = JSON.parse(withoutByteOrderMark(text));
    } catch {
      throw new InputError(`${what} is not valid JSON (damaged, truncated, or another kind of file)`);
    }
    return new JsonReader(value, what);
  }

  object(name: string): JsonReader {
    return new JsonReader(this.fields.get(name), this.at(name));
  }

  /** A list of `minimumLength` to `maximumLength` objects. */
  objects(name: string, minimumLength: number, maximumLength: number): JsonReader[] {
    const value = this.fields.get(name);
    if (!Array.isArray(value) || value.length < minimumLength || value.length > maximumLength) {
      this.fail(name, `a list of ${minimumLength} to ${maximumLength} objects`);
    }
    return (value as unknown[]).map((element, index) => new JsonReader(element, `${this.at(name)}[${index}]`));
  }

  integer(name: string, minimum: number, maximum: number): number {
    const value = this.fields.get(name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
      this.fail(name, `an integer between ${minimum} and ${maximum}`);
    }
    return value as number;
  }

  /** A list of at most `maximumLength` integers. */
  integers(name: string, maximumLength: number, minimum: number, maximum: number): number[] {
    const value = this.fields.get(name);
    const isValid = (element: unknown) =>
      typeof element === 'number' && Number.isInteger(element) && element >= minimum && element <= maximum;
    if (!Array.isArray(value) || value.length > maximumLength || !value.every(isValid)) {
      this.fail(name, `a list of at most ${maximumLength} integers between ${minimum} and ${maximum}`);
    }
    return value as number[];
  }

  number(name: string, minimum: number, maximum: number): number {
    const value = this.fields.get(name);
    if (typeof value !== 'number' || !Number.isFinite(value) || value < minimum || value > maximum) {
      this.fail(name, `a number between ${minimum} and ${maximum}`);
    }
    return value as number;
  }

  text(name: string, maximumLength: number): string {
    const value = this.fields.get(name);
    if (typeof value !== 'string' || value.length > maximumLength) {
      this.fail(name, `a text of at most ${maximumLength} characters`);
    }
    return value as string;
  }

  /**
   * Requires the field `version` to be the format version `known`.
   * @throws InputError; for a larger version it names a newer version of the program as the reason
   */
  version(known: number): void {
    const value = this.fields.get('version');
    if (typeof value === 'number' && Number.isInteger(value) && value > known) {
      throw new InputError(
        `${this.at('version')}: the file was made by a newer version of the program, in format ${value}; this version reads format ${known}, update it`,
      );
    }
    this.oneOf('version', [known]);
  }

  /** Exactly one of the values `allowed`. */
  oneOf<T extends string | number>(name: string, allowed: readonly T[]): T {
    const value = this.fields.get(name);
    if (!allowed.includes(value as T)) this.fail(name, allowed.map((choice) => JSON.stringify(choice)).join(' or '));
    return value as T;
  }

  has(name: string): boolean {
    return this.fields.has(name);
  }

  /** Rejects the field `name`. @throws InputError always */
  fail(name: string, expected: string): never {
    throw new InputError(`${this.at(name)}: must be ${expected}, got ${describe(this.fields.get(name))}`);
  }

  private at(name: string): string {
    return `${this.path}.${name}`;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
