import { MAXIMUM_SPEAKERS } from '../core/limits.ts';

/** Channels of the recording tap: delayed mixture, speakers, rest, main output, aligned in time. */
export const TAP_CHANNELS = MAXIMUM_SPEAKERS + 3;
export const TAP_MIXTURE = 0;
export const TAP_FIRST_SPEAKER = 1;
export const TAP_REST = MAXIMUM_SPEAKERS + 1;
export const TAP_MAIN = MAXIMUM_SPEAKERS + 2;
