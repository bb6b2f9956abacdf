import { expect, it } from 'vitest';
import { isActiveAlone } from '../../../engine/diarization/segments.ts';
import { ActivityMeter } from '../../../engine/recording/ActivityMeter.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { DEMO_SPEAKERS, demoVoicePath } from '../../../host/files/demoFiles.ts';
import { readDemoPresets } from '../../../host/library/defaultSpeakerSet.ts';

const RATE_HERTZ = 16_000;
const BLOCK_SECONDS = 0.1;
const TURN_BLOCKS = 40;
const TURN_SAMPLES = TURN_BLOCKS * BLOCK_SECONDS * RATE_HERTZ;
const TURNS = [0, 1, 0, 1];

const presets = (await readDemoPresets()).map(({ preset }) => preset);
const speech = await Promise.all(DEMO_SPEAKERS.map(async (name) => (await readRecording(demoVoicePath(name))).samples));
const mixture = new Float32Array(TURNS.length * TURN_SAMPLES);
for (const [turn, speaker] of TURNS.entries())
  mixture.set(speech[speaker]!.subarray(turn * TURN_SAMPLES, (turn + 1) * TURN_SAMPLES), turn * TURN_SAMPLES);

function activity(partSamples: number): Float32Array[] {
  const meter = new ActivityMeter(presets, RATE_HERTZ);
  for (let start = 0; start < mixture.length; start += partSamples)
    meter.add(mixture.subarray(start, start + partSamples));
  return meter.activity;
}

it('finds each voice active alone in its own turns', () => {
  const measured = activity(mixture.length);
  for (const speaker of [0, 1]) {
    const blocks = [...isActiveAlone(measured, speaker)].flatMap((flag, block) => (flag === 1 ? [block] : []));
    const own = blocks.filter((block) => TURNS[Math.floor(block / TURN_BLOCKS)] === speaker);
    expect(own.length).toBeGreaterThan(0.4 * 2 * TURN_BLOCKS);
    expect(own.length / blocks.length).toBeGreaterThan(0.95);
  }
});

it('measures the same however the sound is divided', () => {
  const whole = activity(mixture.length);
  for (const [speaker, blocks] of activity(160 * 7).entries()) {
    expect(blocks).toEqual(whole[speaker]);
  }
});
