import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { StateReader, StateWriter } from '../../../engine/core/StateNumbers.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { ActivityInference } from '../../../engine/network/ActivityInference.ts';
import { ACTIVITY_BANDS, ACTIVITY_INPUTS } from '../../../engine/network/ActivityNetwork.ts';

/** Written by the training script: what its own implementation computes with the weights of `activityWeights`. */
interface Golden {
  readonly frames: number;
  readonly speakers: number;
  /** [frames x speakers x ACTIVITY_INPUTS] */
  readonly features: readonly number[];
  /** After the last frame. */
  readonly outputs: readonly {
    readonly hops: number;
    readonly corrections: readonly number[];
    readonly logits: readonly number[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('activityGolden.json', import.meta.url), 'utf8'));

function create(speakers: number, hops: number): ActivityInference {
  const inference = new ActivityInference(new Kernel(ActivityInference.requiredBytes()), speakers, 0.008 * hops);
  inference.setWeights();
  return inference;
}

function run(inference: ActivityInference, frame: number): void {
  inference.inputs.forEach((input, s) => {
    const first = (frame * golden.speakers + s) * ACTIVITY_INPUTS;
    input.set(golden.features.slice(first, first + ACTIVITY_INPUTS));
  });
  inference.run();
}

it.each(golden.outputs)('agrees with the network as it was trained, at $hops of its hops', (expected) => {
  const inference = create(golden.speakers, expected.hops);
  for (let frame = 0; frame < golden.frames; frame++) run(inference, frame);
  inference.corrections.forEach((corrections, s) => {
    corrections.forEach((correction, band) => {
      expect(correction).toBeCloseTo(expected.corrections[s * ACTIVITY_BANDS + band] ?? Number.NaN, 3);
    });
  });
  inference.logits.forEach((logit, s) => {
    expect(logit).toBeCloseTo(expected.logits[s] ?? Number.NaN, 3);
  });
});

it('does not depend on the order of the speakers', () => {
  const [one, other] = [create(2, 1), create(2, 1)];
  for (let frame = 0; frame < golden.frames; frame++) {
    run(one, frame);
    other.inputs[0]?.set(one.inputs[1] ?? []);
    other.inputs[1]?.set(one.inputs[0] ?? []);
    other.run();
    expect([...other.logits].reverse()).toEqual([...one.logits]);
  }
});

it('continues from a saved state, and starts again after a reset', () => {
  const [one, other] = [create(golden.speakers, 1), create(golden.speakers, 1)];
  run(one, 0);
  const first = [...one.logits];
  run(one, 1);
  const state = new StateWriter();
  one.save(state);
  other.restore(new StateReader(state.finish()));
  for (const inference of [one, other]) run(inference, 2);
  expect([...other.logits]).toEqual([...one.logits]);
  one.reset();
  run(one, 0);
  expect([...one.logits]).toEqual(first);
});
