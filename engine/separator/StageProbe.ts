/**
 * Stages of a frame in processing order. `buffering`: input checks, delay of the dry signal and output of the previous frame, up to the
 * sample that completes the frame. `analysis`: window, FFT, magnitudes. `activations`: bands, solver. `models`: each speaker's model of
 * the magnitudes. `refinement`: the mask network, only in speaker sets that have one. `activity`: who speaks now, with two speakers or
 * more. `mask`: gains. `background`: all of this once more with the background, only in speaker sets that have one. `synthesis`: masked
 * spectra, inverse FFT, overlap-add.
 */
export const STAGES = [
  'buffering',
  'analysis',
  'activations',
  'models',
  'refinement',
  'activity',
  'mask',
  'background',
  'synthesis',
] as const;

export type Stage = (typeof STAGES)[number];

/** Observer of a separator's stages, for measurements: the engine itself reads no clock. */
export interface StageProbe {
  /**
   * Called at the end of each stage of a frame. A suspended chain marks `buffering` only; during a swap both chains mark their stages.
   * @thread audio: must neither allocate, throw nor block
   */
  mark(stage: Stage): void;
}
