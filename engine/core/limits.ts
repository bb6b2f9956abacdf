/** Speakers that can be loaded together. */
export const MAXIMUM_SPEAKERS = 8;
