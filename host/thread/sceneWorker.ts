import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../engine/core/errors.ts';
import { SampleRing } from '../../engine/core/SampleRing.ts';
import { emptyScene, type Scene, sampleScene } from '../../engine/separator/Scene.ts';
import { adaptScene, parseAdaptation } from '../../engine/separator/SceneAdaptation.ts';
import { templateSimilarity } from '../../engine/separator/templateSimilarity.ts';
import { planStft } from '../../engine/stft/StftPlan.ts';
import { parsePreset } from '../../engine/template/Preset.ts';
import type { SceneReply, SceneRequest, SceneThreadConfig } from './engineMessages.ts';

const { scenes, messagesSent, input } = workerData as SceneThreadConfig;
const sent = new Int32Array(messagesSent);
const engineInput = new SampleRing(input);

parentPort!.on('message', (request: SceneRequest) => {
  parentPort!.postMessage(reply(request));
});

function reply({ number, presets, adaptation, plan }: SceneRequest): SceneReply {
  try {
    const parsed = presets.map(parsePreset);
    const plain = parsed.length === 0 ? emptyScene(planStft(plan)) : sampleScene(parsed, planStft(plan));
    const scene = adaptation === null ? plain : adaptScene(plain, parseAdaptation(adaptation.text, adaptation.key));
    scenes.postMessage(shared(scene));
    Atomics.add(sent, 0, 1);
    engineInput.wake();
    const { windowSamples, hopSamples } = scene.plan;
    return { number, windowSamples, hopSamples, similarity: templateSimilarity(scene), problem: null };
  } catch (error) {
    if (error instanceof InputError) return { number, problem: error.message };
    throw error;
  }
}

/** Templates in shared memory: the engine takes them over without copying megabytes between two blocks. */
function shared(scene: Scene): Scene {
  const { outputTemplates } = scene;
  const speakers = scene.speakers.map((speaker) => ({ ...speaker, values: sharedCopy(speaker.values) }));
  return {
    ...scene,
    speakers,
    ...(outputTemplates === undefined ? {} : { outputTemplates: outputTemplates.map(sharedCopy) }),
  };
}

function sharedCopy(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
