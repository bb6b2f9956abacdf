import { InputError } from '../../../engine/core/errors.ts';
import type { SeparationMethod } from '../SeparationMethod.ts';
import { innmf } from './innmf.ts';
import { interpolated } from './interpolated.ts';
import { mixture } from './mixture.ts';
import { nmf } from './nmf.ts';
import { oracle } from './oracle.ts';
import { paper } from './paper.ts';
import { scene } from './scene.ts';

/** Every method by its name, in the order of tables. */
export const SEPARATION_METHODS: readonly SeparationMethod[] = [
  innmf,
  nmf,
  interpolated,
  scene,
  paper,
  oracle,
  mixture,
];

/** What is compared unless named: all but `paper`, which trains for minutes a speaker, and `scene`, which adapts for seconds a pair. */
export const QUICK_METHODS: readonly SeparationMethod[] = SEPARATION_METHODS.filter(
  (method) => method !== paper && method !== scene,
);

/** @throws InputError for an unknown name */
export function separationMethod(name: string): SeparationMethod {
  const method = SEPARATION_METHODS.find((candidate) => candidate.name === name);
  if (method !== undefined) return method;
  const names = SEPARATION_METHODS.map((candidate) => candidate.name).join(', ');
  throw new InputError(`unknown method "${name}"; there are ${names}`);
}
