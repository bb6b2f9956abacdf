import { describe } from 'vitest';
import { sineWindow } from '../../engine/stft/window.ts';
import {
  AdaptiveStft,
  ConstantQ,
  MorseWavelet,
  ReassignedSpectrogram,
  SinusoidalModel,
  StftTransform,
} from '../../engine/transform/index.ts';
import { type TransformTolerances, transformContract } from './transform.ts';

const implementations = [
  [new StftTransform(1024), { sineHertz: 8, impulseSeconds: 0.008, energyFactor: 1.01 }],
  [new StftTransform(sineWindow(600), 150), { sineHertz: 14, impulseSeconds: 0.005, energyFactor: 1.01 }],
  [new AdaptiveStft([256, 512, 1024, 2048]), { sineHertz: 4, impulseSeconds: 0.004, energyFactor: 1.1 }],
  // Half the distance between bins; at 3 kHz that is 1.4 % for 24 bins an octave, 2.9 % for 12.
  [new ConstantQ(), { sineHertz: 46, impulseSeconds: 0.001, energyFactor: 1.3 }],
  [new MorseWavelet(), { sineHertz: 90, impulseSeconds: 0.001, energyFactor: 1.3 }],
  [new ReassignedSpectrogram(1024), { sineHertz: 0.5, impulseSeconds: 0.0005, energyFactor: 1.01 }],
  [
    new SinusoidalModel(1024),
    {
      sineHertz: 0.5,
      impulseSeconds: { exception: 'an impulse has a flat spectrum: no peaks, so no sinusoids' },
      energyFactor: 1.3,
    },
  ],
] as const satisfies readonly (readonly [unknown, TransformTolerances])[];

describe.each(implementations.map(([transform, tolerances]) => ({ name: transform.name, transform, tolerances })))(
  '$name',
  ({ transform, tolerances }) => transformContract(transform, tolerances),
);
