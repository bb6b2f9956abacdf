import { MAXIMUM_OUTPUTS } from '../core/limits.ts';

/*
 * Channels of the recording tap, aligned in time: delayed mixture, speaker outputs, rest, main output, and the mark that states which voice
 * is on which output (`TapMarks`). The rest is the mixture minus all speaker outputs: sound of no voice, and all sound while the separator
 * is suspended or has no speakers. So speakers and rest always sum to the mixture.
 */
export const TAP_CHANNELS = MAXIMUM_OUTPUTS + 4;
export const TAP_MIXTURE = 0;
export const TAP_FIRST_SPEAKER = 1;
export const TAP_REST = MAXIMUM_OUTPUTS + 1;
export const TAP_MAIN = MAXIMUM_OUTPUTS + 2;
export const TAP_MARK = MAXIMUM_OUTPUTS + 3;
