import { InputError } from '../../../../engine/core/errors.ts';
import { adapted } from './adapted.ts';
import { innmf } from './innmf.ts';
import { interpolated } from './interpolated.ts';
import { mixture } from './mixture.ts';
import { nmf } from './nmf.ts';
import { oracle } from './oracle.ts';
import { paper } from './paper.ts';
import type { SeparationMethod } from './SeparationMethod.ts';

/** All methods, in the order of tables. */
export const SEPARATION_METHODS: readonly SeparationMethod[] = [
  innmf,
  nmf,
  interpolated,
  adapted,
  paper,
  oracle,
  mixture,
];

/** Default methods: all but `paper`, which trains for minutes per speaker, and `adapted`, which adapts for seconds per pair. */
export const QUICK_METHODS: readonly SeparationMethod[] = SEPARATION_METHODS.filter(
  (method) => method !== paper && method !== adapted,
);

/** @throws InputError for an unknown name */
export function separationMethod(name: string): SeparationMethod {
  // The name of "adapted" up to version 0.1.
  const current = name === 'scene' ? adapted.name : name;
  const method = SEPARATION_METHODS.find((candidate) => candidate.name === current);
  if (method !== undefined) return method;
  const names = SEPARATION_METHODS.map((candidate) => candidate.name).join(', ');
  throw new InputError(`--methods must be one or more of ${names}, got "${name}"`);
}
