import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { DEMO_SPEAKERS, demoVoicePath } from '../../../host/files/demoFiles.ts';
import { simulateConversation } from '../../../host/lab/conversation/Conversation.ts';
import { scoreConversation } from '../../../host/lab/conversation/conversationScores.ts';
import { streamSpeakerSet } from '../../../host/lab/evaluation/methods/streamSpeakerSet.ts';
import { defaultSpeakerSet, plainSpeakerSet } from '../../../host/library/defaultSpeakerSet.ts';

const SAMPLE_RATE_HERTZ = 16_000;

const voices = await Promise.all(DEMO_SPEAKERS.map(async (name) => (await readRecording(demoVoicePath(name))).samples));
const conversation = simulateConversation(
  voices,
  SAMPLE_RATE_HERTZ,
  { seconds: 30, overlap: 0.25, levelRangeDecibels: 3, reverberationSeconds: 0, noiseSnrDecibels: null },
  new Random(4),
);
const plan = planStft({ sampleRateHertz: SAMPLE_RATE_HERTZ });
const [adapted, plain] = await Promise.all([defaultSpeakerSet(plan), plainSpeakerSet(plan)]);

const separate = (speakerSet: SpeakerSet, separationStrength: number) =>
  streamSpeakerSet(speakerSet, conversation.mixture, { separationStrength });

describe.each([
  ['plain', plain],
  ['adapted', adapted],
] as const)('a conversation of %s voices', (_name, speakerSet) => {
  it('leaves less of the talker in the track of the silent voice at full strength, and overlaps no worse', () => {
    const off = scoreConversation(conversation, separate(speakerSet, 0));
    const on = scoreConversation(conversation, separate(speakerSet, 1));
    expect(on.leakDecibels).toBeLessThan(off.leakDecibels - 3);
    expect(on.soloSiSdrDecibels).toBeGreaterThan(off.soloSiSdrDecibels);
    expect(on.overlapSiSdrDecibels).toBeGreaterThan((off.overlapSiSdrDecibels ?? Number.NaN) - 0.5);
    expect(on.onsetLossDecibels).toBeLessThan(3);
  });

  it('still adds up to the mixture', () => {
    const tracks = separate(speakerSet, 1);
    for (let n = 0; n < conversation.mixture.length; n++) {
      const sum = tracks.reduce((total, track) => total + track[n]!, 0);
      if (Math.abs(sum - conversation.mixture[n]!) > 1e-5) expect(sum, `sample ${n}`).toBe(conversation.mixture[n]);
    }
  });
});

it('knows who is talking, in nine of ten frames', () => {
  const { mixture, references } = conversation;
  const separator = new Separator(adapted);
  const { hopSamples } = plan;
  const input = new Float32Array(hopSamples);
  let right = 0;
  let frames = 0;
  for (let start = 0; start + hopSamples <= mixture.length; start += hopSamples) {
    input.set(mixture.subarray(start, start + hopSamples));
    separator.process(input, { speakers: [] });
    const powers = references.map((reference) =>
      reference.subarray(start - 3 * hopSamples, start + hopSamples).reduce((sum, sample) => sum + sample * sample, 0),
    );
    const total = powers.reduce((sum, power) => sum + power, 0);
    // Frames in which both or neither talk do not say who is talking.
    if (total < 1e-2 || Math.min(...powers) > 1e-3 * total) continue;
    frames++;
    const talker = powers.indexOf(Math.max(...powers));
    const [first = 0, second = 0] = separator.view.probabilities;
    if (first > second === (talker === 0)) right++;
  }
  expect(frames).toBeGreaterThan(500);
  expect(right / frames).toBeGreaterThan(0.9);
});
