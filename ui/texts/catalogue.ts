import type { Language } from '../base/language.ts';
import { ENGLISH } from './english/all.ts';
import { GERMAN } from './german/all.ts';

/** All texts of the panel that users see or hear, by the folder that shows them. Texts with parameters are functions. */
export type Texts = typeof ENGLISH;

/** A text that a language lacks, or has in addition, does not compile. */
export const CATALOGUE: Readonly<Record<Language, Texts>> = { en: ENGLISH, de: GERMAN };
