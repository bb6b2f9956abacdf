/** Largest number of speakers in a speaker set. */
export const MAXIMUM_SPEAKERS = 8;
/** Speaker outputs of a separator. During a swap the voices of two speaker sets sound at once, each on an output of its own. */
export const MAXIMUM_OUTPUTS = 2 * MAXIMUM_SPEAKERS;
/** Numbers of channels that can be demixed live. */
export const LIVE_CHANNELS = { minimum: 2, maximum: 8 } as const;
/** Louder samples (120 dB over full scale), and those that are not finite, are invalid: they are replaced by silence, before their squares could overflow. */
export const LOUDEST_INPUT = 1e6;
