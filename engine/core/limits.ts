/** Largest number of speakers in a speaker set. */
export const MAXIMUM_SPEAKERS = 8;
