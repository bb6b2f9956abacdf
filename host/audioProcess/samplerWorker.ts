import { workerData } from 'node:worker_threads';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import { withBackgroundModel } from '../../engine/model/backgroundModel.ts';
import { type AdaptedPresets, adaptSpeakerSet } from '../../engine/model/JointAdaptation.ts';
import { emptySpeakerSet, type SpeakerSet, sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { withChannels, withVoices } from '../../engine/model/speakerOutputs.ts';
import { templateSimilarity } from '../../engine/model/templateSimilarity.ts';
import type { PackedSpeakerSet } from '../../engine/separator/PackedSpeakerSet.ts';
import { packSpeakerSet } from '../../engine/separator/packSpeakerSet.ts';
import { planStft, type StftPlanOptions } from '../../engine/stft/StftPlan.ts';
import type { LoadedSpeakerSet, SamplerConfig, SamplerRequests } from '../rpc/engineMessages.ts';
import { serveThread } from '../rpc/serveThread.ts';

const { speakerSets, messagesSent, input } = workerData as SamplerConfig;
const sent = new Int32Array(messagesSent);
const engineInput = new SampleRing(input);

serveThread<SamplerRequests>({ sample });

function sample({
  presets,
  adaptation,
  background,
  voices,
  channels,
  plan,
}: SamplerRequests['sample']['argument']): LoadedSpeakerSet {
  const unadapted = presets.length === 0 ? emptySpeakerSet(planStft(plan)) : sampleSpeakerSet(presets, planStft(plan));
  const adapted = adaptation === null ? unadapted : adaptSpeakerSet(unadapted, adaptation);
  const speakerSet = background === null ? adapted : withBackgroundModel(adapted, sampledBackground(background, plan));
  speakerSets.postMessage(shared(packSpeakerSet(withChannels(withVoices(speakerSet, voices), channels))));
  Atomics.add(sent, 0, 1);
  engineInput.wake();
  const { windowSamples, hopSamples } = speakerSet.plan;
  return { windowSamples, hopSamples, similarity: templateSimilarity(speakerSet) };
}

function sampledBackground({ presets, adaptation }: AdaptedPresets, plan: StftPlanOptions): SpeakerSet {
  return adaptSpeakerSet(sampleSpeakerSet(presets, planStft(plan)), adaptation);
}

/**
 * Moves the image into shared memory, so that the engine receives megabytes without a copy between two blocks, and without a buffer that
 * its garbage collector would have to free.
 */
function shared({ shape, image }: PackedSpeakerSet): PackedSpeakerSet {
  const copy = new Int32Array(new SharedArrayBuffer(image.byteLength));
  copy.set(image);
  return { shape, image: copy };
}
