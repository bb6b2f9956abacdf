import { workerData } from 'node:worker_threads';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import { adaptSpeakerSet } from '../../engine/model/JointAdaptation.ts';
import { emptySpeakerSet, type SpeakerSet, sampleSpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { templateSimilarity } from '../../engine/model/templateSimilarity.ts';
import { planStft } from '../../engine/stft/StftPlan.ts';
import type { LoadedSpeakerSet, SamplerConfig, SamplerRequests } from '../rpc/engineMessages.ts';
import { serveThread } from '../rpc/serveThread.ts';

const { speakerSets, messagesSent, input } = workerData as SamplerConfig;
const sent = new Int32Array(messagesSent);
const engineInput = new SampleRing(input);

serveThread<SamplerRequests>({ sample });

function sample({ presets, adaptation, plan }: SamplerRequests['sample']['argument']): LoadedSpeakerSet {
  const unadapted = presets.length === 0 ? emptySpeakerSet(planStft(plan)) : sampleSpeakerSet(presets, planStft(plan));
  const speakerSet = adaptation === null ? unadapted : adaptSpeakerSet(unadapted, adaptation);
  speakerSets.postMessage(shared(speakerSet));
  Atomics.add(sent, 0, 1);
  engineInput.wake();
  const { windowSamples, hopSamples } = speakerSet.plan;
  return { windowSamples, hopSamples, similarity: templateSimilarity(speakerSet) };
}

/** Moves templates and network weights into shared memory, so that the engine receives them without copying megabytes between two blocks. */
function shared(speakerSet: SpeakerSet): SpeakerSet {
  const { outputTemplates, network } = speakerSet;
  const speakers = speakerSet.speakers.map((speaker) => ({ ...speaker, values: sharedCopy(speaker.values) }));
  return {
    ...speakerSet,
    speakers,
    ...(outputTemplates === undefined ? {} : { outputTemplates: outputTemplates.map(sharedCopy) }),
    ...(network === undefined
      ? {}
      : { network: { ...network, first: sharedCopy(network.first), second: sharedCopy(network.second) } }),
  };
}

function sharedCopy(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
