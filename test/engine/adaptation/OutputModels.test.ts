import { expect, it } from 'vitest';
import { OutputModels } from '../../../engine/adaptation/OutputModels.ts';
import { SpeakerGains } from '../../../engine/adaptation/SpeakerGains.ts';
import { Random } from '../../../engine/core/Random.ts';
import { adaptSpeakerSet, bandPosition, ownOutputBase } from '../../../engine/model/JointAdaptation.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';

const BINS = 30;
const FRAMES = 8;
const COUNTS = [5, 6, 3];
const TEMPLATES = 14;
const plan = planStft({ sampleRateHertz: 16_000 });
const binHertz = plan.sampleRateHertz / plan.windowSamples;
const frequenciesHertz = Float64Array.of(0, 100, 230, 400, 500);
const random = new Random(2);
const draw = (length: number) => Float32Array.from({ length }, () => random.uniform());
const speakers = COUNTS.map((templates, s) => ({ name: `${s}`, templates, values: draw(templates * BINS) }));
const activations = draw(FRAMES * TEMPLATES);
const positions = Float32Array.from({ length: BINS }, (_, bin) => bandPosition(frequenciesHertz, bin * binHertz));

/** Models and gains of the middle speaker, with random gains. */
function middleSpeaker() {
  const gains = new SpeakerGains(TEMPLATES, frequenciesHertz.length);
  gains.gradient.set(draw(gains.gradient.length).map((value) => value - 0.5));
  gains.step(0.3);
  const shape = { templates: TEMPLATES, firstOwn: 5, base: ownOutputBase(speakers[1]!), positions, frames: FRAMES };
  const output = new OutputModels(shape, gains);
  for (let frame = 0; frame < FRAMES; frame++) output.setActivations(frame, activations, frame * TEMPLATES);
  output.compute();
  return { gains, output };
}

it('computes the models of an adapted speaker set', () => {
  const { gains, output } = middleSpeaker();
  const logGains = speakers.map(() => gains.logGains);
  const speakerSet = { plan, magnitudeExponent: 0.5, bins: BINS, speakers };
  const templates = adaptSpeakerSet(speakerSet, { frequenciesHertz, logGains }).outputTemplates![1]!;
  for (let frame = 0; frame < FRAMES; frame++) {
    for (let bin = 0; bin < BINS; bin++) {
      let model = 0;
      for (let k = 0; k < TEMPLATES; k++) model += activations[frame * TEMPLATES + k]! * templates[k * BINS + bin]!;
      expect(output.models[frame * output.stride + bin]!).toBeCloseTo(model, 5);
    }
  }
});

it('computes the gradient of the gains', () => {
  const { gains, output } = middleSpeaker();
  const slopes = Array.from({ length: FRAMES }, () => draw(BINS).map((value) => value - 0.5));
  /** sum over frames and bins of slope * model, whose gradient is that of the gains */
  const loss = () => {
    output.compute();
    let sum = 0;
    slopes.forEach((row, frame) => {
      for (let bin = 0; bin < BINS; bin++) sum += row[bin]! * output.models[frame * output.stride + bin]!;
    });
    return sum;
  };
  const expected = Array.from(gains.gains, (gain, index) => {
    const losses = [0.5, -0.5].map((change) => {
      gains.gains[index] = gain + change;
      return loss();
    });
    gains.gains[index] = gain;
    return losses[0]! - losses[1]!;
  });
  slopes.forEach((row, frame) => {
    output.models.set(row, frame * output.stride);
  });
  output.backward();
  const own = { first: 5 * frequenciesHertz.length, end: 11 * frequenciesHertz.length };
  expected.forEach((value, index) => {
    const isOwn = index >= own.first && index < own.end;
    expect(Math.abs(gains.gradient[index]! - value)).toBeLessThan(isOwn ? 2e-4 : 2e-5);
    if (!isOwn) expect(Math.abs(value)).toBeGreaterThan(0);
  });
});
