import { join } from 'node:path';
import { presetName } from '../../engine/model/PresetName.ts';
import { sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { TelemetryEncoder } from '../../engine/realtime/TelemetryEncoder.ts';
import { Separator } from '../../engine/separator/Separator.ts';
import { planStft } from '../../engine/stft/StftPlan.ts';
import { readRecording } from '../../host/audio/readRecording.ts';
import { packageRoot } from '../../host/files/packageRoot.ts';
import { PresetLibrary } from '../../host/library/PresetLibrary.ts';

const FRAMES_PER_SECOND = 60;

/** Separates the bundled mixture and encodes its telemetry as the engine does. @returns encoded frames, 60 per second of audio */
export async function demoTelemetry(speakers: readonly string[], seconds: number): Promise<Uint8Array[]> {
  const library = new PresetLibrary();
  const { sampleRateHertz, samples } = await readRecording(join(packageRoot(), 'presets', 'demo', 'mixture.flac'));
  const files = await Promise.all(speakers.map((name) => library.byName(presetName(name))));
  const presets = files.map(({ preset }) => preset);
  const separator = new Separator(sampleSpeakerSet(presets, planStft({ sampleRateHertz })), {
    parameters: { rest: 0.5 },
  });
  const encoder = new TelemetryEncoder(8);
  const block = Math.floor(sampleRateHertz / FRAMES_PER_SECOND);
  const outputs = { speakers: speakers.map(() => new Float32Array(block)), rest: new Float32Array(block) };
  const frames: Uint8Array[] = [];
  const input = new Float32Array(block);
  for (let frame = 0; frame < seconds * FRAMES_PER_SECOND; frame++) {
    for (let n = 0; n < block; n++) input[n] = samples[(frame * block + n) % samples.length]!;
    separator.process(input, outputs);
    encoder.input.add(input, block);
    encoder.output.add(input, block);
    encoder.rest.add(outputs.rest, block);
    outputs.speakers.forEach((output, speaker) => {
      encoder.speakers[speaker]!.add(output, block);
    });
    // `encode` replaces `bytes` when the number of templates changes: read it afterwards.
    const length = encoder.encode(separator.view, frame / FRAMES_PER_SECOND);
    frames.push(encoder.bytes.slice(0, length));
  }
  return frames;
}
