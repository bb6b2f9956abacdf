/** A text of the catalogue: where it stands, and the text; each parameter is a `PARAMETER`. */
export interface FlatText {
  readonly path: string;
  readonly text: string;
}

/** Placeholder of a parameter: no text contains it. */
export const PARAMETER = '\uE000';

/** All texts of a language as a list. */
export function flatTexts(texts: object, path = ''): FlatText[] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]): FlatText[] => {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') return [{ path: here, text: value }];
    if (typeof value === 'function') {
      // Texts put their parameters together; plurals take anything for several.
      return [{ path: here, text: String(value(PARAMETER, PARAMETER, PARAMETER)) }];
    }
    return typeof value === 'object' && value !== null ? flatTexts(value, here) : [];
  });
}
