import { type Annotation, NO_ANNOTATION } from './annotation.ts';

/** An annotation and those that undo and redo return to. */
export interface AnnotationHistory {
  readonly present: Annotation;
  /** The latest one last. */
  readonly past: readonly Annotation[];
  /** The next one first. */
  readonly future: readonly Annotation[];
}

export const NO_HISTORY: AnnotationHistory = { present: NO_ANNOTATION, past: [], future: [] };

const MAXIMUM_STEPS = 100;

/** Makes `annotation` the present one. What could be redone is lost. */
export function recorded({ present, past }: AnnotationHistory, annotation: Annotation): AnnotationHistory {
  return { present: annotation, past: [...past, present].slice(-MAXIMUM_STEPS), future: [] };
}

/** @returns null: there is nothing to undo */
export function undone({ present, past, future }: AnnotationHistory): AnnotationHistory | null {
  const previous = past.at(-1);
  return previous === undefined ? null : { present: previous, past: past.slice(0, -1), future: [present, ...future] };
}

/** @returns null: there is nothing to redo */
export function redone({ present, past, future }: AnnotationHistory): AnnotationHistory | null {
  const [next] = future;
  return next === undefined ? null : { present: next, past: [...past, present], future: future.slice(1) };
}
