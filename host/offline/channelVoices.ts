import { Demixer } from '../../engine/channels/Demixer.ts';
import { bestPermutation } from '../../engine/evaluation/permutation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { planStft } from '../../engine/stft/StftPlan.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { type ChannelEstimate, type ChannelRecording, cleanBlocks } from './channelEstimate.ts';

/** Enough speech of everybody to tell them apart. */
const LISTENED_SECONDS = 20;
/** The templates as they are, without the copies at other pitches: enough to tell voices apart, in a third of the time. */
const FREQUENCY_SCALES = [1];

/** Which of the voices speaks in which channel. */
export interface ChannelVoices {
  /** [channels] index of the voice that fits; as many voices as channels. */
  readonly voiceOf: readonly number[];
  /** Smallest share of its voice in a channel's sound, 0 to 1; by chance 1 / voices. */
  readonly leastShare: number;
}

/**
 * Listens to the beginning of a recording, without bleed, and finds the voice of each channel by the templates of all voices.
 * @param presets of as many voices as the recording has channels
 */
export async function listenToChannels(
  { path, name, channels, signal }: ChannelRecording,
  { demixing, plan }: ChannelEstimate,
  presets: readonly Preset[],
): Promise<ChannelVoices> {
  const reader = await AudioFileReader.open(path, name);
  const { sampleRateHertz } = reader;
  const speakerSet = sampleSpeakerSet(presets, planStft({ sampleRateHertz }), FREQUENCY_SCALES);
  const demixer = new Demixer(demixing, plan);
  const listeners = Array.from({ length: channels }, () => new Separator(speakerSet));
  const energies = listeners.map(() => presets.map(() => 0));
  let samples = 0;
  for await (const { clean } of cleanBlocks(reader, channels)) {
    signal.throwIfAborted();
    demixer.process(clean).forEach((sound, channel) => {
      const speakers = presets.map(() => new Float32Array(sound.length));
      listeners[channel]!.process(sound, { speakers });
      speakers.forEach((speaker, voice) => {
        for (let n = 0; n < speaker.length; n++) energies[channel]![voice]! += speaker[n]! * speaker[n]!;
      });
    });
    samples += clean[0]?.length ?? 0;
    if (samples > LISTENED_SECONDS * sampleRateHertz) break;
  }
  const shares = energies.map((row) => {
    const total = row.reduce((sum, energy) => sum + energy, 0);
    return row.map((energy) => (total > 0 ? energy / total : 1 / row.length));
  });
  // Rows of the scores are voices, so that the permutation has one entry for each channel.
  const voiceOf = bestPermutation(presets.map((_, voice) => shares.map((row) => row[voice]!)));
  return { voiceOf, leastShare: Math.min(...voiceOf.map((voice, channel) => shares[channel]![voice]!)) };
}
