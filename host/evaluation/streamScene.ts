import type { Scene } from '../../engine/separator/Scene.ts';
import { Separator } from '../../engine/separator/Separator.ts';

/**
 * Runs a mixture through the engine that runs live, with its defaults.
 * @param mixture [samples]
 * @returns [speakers][samples], moved back by the latency
 */
export function streamScene(scene: Scene, mixture: Float32Array): Float32Array[] {
  const separator = new Separator(scene);
  const { latencySamples } = separator;
  const input = new Float32Array(mixture.length + latencySamples);
  input.set(mixture);
  const speakers = scene.speakers.map(() => new Float32Array(input.length));
  separator.process(input, { speakers });
  return speakers.map((output) => output.subarray(latencySamples));
}
