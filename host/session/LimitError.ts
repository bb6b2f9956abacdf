import { InputError } from '../../engine/core/errors.ts';

/** Too many requests are waiting; the same request may succeed later. */
export class LimitError extends InputError {}
