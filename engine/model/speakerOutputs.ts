import { InputError, requireInteger } from '../core/errors.ts';
import { MAXIMUM_OUTPUTS } from '../core/limits.ts';
import type { SpeakerSet } from './SpeakerSet.ts';
import type { SpeakerSetShape } from './SpeakerSetShape.ts';

/**
 * Identifies the speakers of a set, so that a voice that stays in a swap keeps its output, wherever it is in the next set.
 * @param voices [speakers] positive integers below 2^31, each once
 * @throws InputError for a wrong number of voices, an invalid one, or one that occurs twice
 */
export function withVoices(speakerSet: SpeakerSet, voices: readonly number[]): SpeakerSet {
  const { speakers } = speakerSet;
  if (voices.length !== speakers.length || new Set(voices).size !== voices.length) {
    throw new InputError(`voices must be ${speakers.length} different numbers, got ${JSON.stringify(voices)}`);
  }
  for (const voice of voices) requireInteger('voice', voice, 1, 2 ** 31 - 1);
  return { ...speakerSet, speakers: speakers.map((speaker, s) => ({ ...speaker, voice: voices[s]! })) };
}

/**
 * Assigns channels of the input to the speakers of a set: their sound is taken from there, not from the mixture.
 * @param channels [speakers] index of a channel, each once; null: none
 * @throws InputError for a wrong number of channels, an invalid one, or one that occurs twice
 */
export function withChannels(speakerSet: SpeakerSet, channels: readonly (number | null)[]): SpeakerSet {
  const { speakers } = speakerSet;
  const taken = channels.filter((channel) => channel !== null);
  if (channels.length !== speakers.length || new Set(taken).size !== taken.length) {
    throw new InputError(`channels must be ${speakers.length} different numbers, got ${JSON.stringify(channels)}`);
  }
  for (const channel of taken) requireInteger('channel', channel, 0, MAXIMUM_OUTPUTS - 1);
  return {
    ...speakerSet,
    speakers: speakers.map((speaker, s) => {
      const channel = channels[s] ?? null;
      return channel === null ? speaker : { ...speaker, channel };
    }),
  };
}

/**
 * Assigns outputs to the speakers of a set that is about to be swapped in: a voice that is active keeps its output, any other gets one that
 * no active voice has. So during the cross-fade no output carries two voices.
 * @returns `incoming` with other `outputs`
 */
export function assignOutputs(incoming: SpeakerSetShape, active: SpeakerSetShape): SpeakerSetShape {
  const activeOutputs = new Map(active.speakers.map(({ voice }, s) => [voice, active.outputs[s]!]));
  const taken = new Set(active.outputs);
  const free = Array.from({ length: MAXIMUM_OUTPUTS }, (_, output) => output).filter((output) => !taken.has(output));
  const outputs = incoming.speakers.map(({ voice }) => activeOutputs.get(voice) ?? free.shift()!);
  return { ...incoming, outputs };
}
