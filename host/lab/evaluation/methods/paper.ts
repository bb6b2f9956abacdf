import type { Samples } from '../../../../engine/core/units.ts';
import { Kernel } from '../../../../engine/kernel/Kernel.ts';
import { RealFft } from '../../../../engine/kernel/RealFft.ts';
import { InverseStft } from '../../../../engine/stft/InverseStft.ts';
import { Stft } from '../../../../engine/stft/Stft.ts';
import { symmetricPair } from '../../../../engine/stft/window.ts';
import { chooseBackend, joinSpeech } from '../../../../engine/trainer/index.ts';
import { MAGNITUDE_EXPONENT } from '../../../../engine/trainer/spectra.ts';
import { PAPER_DEFAULTS, trainPaperTemplates } from '../../paper/PaperNetwork.ts';
import { type PaperSettings, PaperStore } from '../../paper/PaperStore.ts';
import { samplePaperTemplates } from '../../paper/PaperTemplates.ts';
import { solvePaperActivations } from '../../paper/paperActivations.ts';
import { PAPER_SPEECH_SECONDS, paperSpectra } from '../../paper/paperSpectra.ts';
import type { SeparationMethod, TrainedSpeaker } from './SeparationMethod.ts';

/** 2000 samples at 16 kHz. */
const TRAINED_WINDOW_SECONDS = 0.125;
/** Rprop epochs of the offline solver, as published. */
const SOLVER_EPOCHS = 100;
/** Added to the denominator of the mask, which keeps it finite where both models are silent. */
const SILENT_MODEL = 1e-12;

export const PAPER_SETTINGS: PaperSettings = { epochs: PAPER_DEFAULTS.epochs, coordinate: PAPER_DEFAULTS.coordinate };

/**
 * The paper's method as published: its networks and optimiser at N = 2000 (`PaperNetwork`), 20 templates, activations of the whole
 * mixture at once by Rprop, window N and hop N/2 at any latency, and the estimate (mask |X|^p)^(1/p), whose masks do not sum to one.
 */
export const paper: SeparationMethod = {
  name: 'paper',
  summary: "the paper's networks, optimiser, offline solver and mask",
  isTrained: true,

  async train(_speaker, recordings, settings) {
    const { epochs, coordinate } = settings.paper ?? PAPER_SETTINGS;
    const { seed } = settings;
    const speech = joinSpeech(recordings, PAPER_SPEECH_SECONDS);
    const { sampleRateHertz } = speech;
    const store = new PaperStore(speech, PAPER_DEFAULTS.templates, { epochs, coordinate }, seed);
    const known = await store.read();
    if (known !== null) return { kind: 'paper', training: known };
    const windowSamples = RealFft.nearestSupportedSize(Math.round(TRAINED_WINDOW_SECONDS * sampleRateHertz));
    const startMilliseconds = performance.now();
    const spectra = paperSpectra(speech, windowSamples);
    const templates = await trainPaperTemplates(spectra, { sampleRateHertz, epochs, coordinate, seed });
    const training = { templates, epochs, trainingSeconds: (performance.now() - startMilliseconds) / 1000 };
    await store.write(training);
    return { kind: 'paper', training };
  },

  async separate({ mixture, sampleRateHertz }, speakers, { plan, seed }) {
    await chooseBackend();
    const { windowSamples } = plan;
    const matrices = speakers.map((speaker) => sampledMatrix(speaker, windowSamples, sampleRateHertz));
    const padded = paddedMixture(mixture, windowSamples);
    const recording = { name: 'mixture', samples: padded, sampleRateHertz };
    const spectra = paperSpectra(recording, windowSamples, speakers.length);
    const values = new Float32Array(matrices.reduce((sum, matrix) => sum + matrix.length, 0));
    matrices.reduce((offset, matrix) => {
      values.set(matrix, offset);
      return offset + matrix.length;
    }, 0);
    const activations = solvePaperActivations(spectra, values, SOLVER_EPOCHS, seed);
    const models = modelsOf(matrices, activations, spectra.bins, spectra.frames);
    return models.map((model) => maskedSignal(padded, model, models, windowSamples, mixture.length));
  },
};

function sampledMatrix(speaker: TrainedSpeaker, windowSamples: Samples, sampleRateHertz: number): Float32Array {
  if (speaker.kind !== 'paper') throw new Error(`the method paper needs its own networks, got "${speaker.kind}"`);
  return samplePaperTemplates(speaker.training.templates, windowSamples, sampleRateHertz).values;
}

/** Adds half a window of silence in front and at least as much at the end, so that two windows cover every sample. */
function paddedMixture(mixture: Float32Array, windowSamples: Samples): Float32Array {
  const hopSamples = windowSamples / 2;
  const padded = new Float32Array((Math.ceil(mixture.length / hopSamples) + 2) * hopSamples);
  padded.set(mixture, hopSamples);
  return padded;
}

/** @returns the model of each speaker, [speakers][frames x bins] */
function modelsOf(
  matrices: readonly Float32Array[],
  activations: Float32Array,
  bins: number,
  frames: number,
): Float32Array[] {
  const total = activations.length / frames;
  let first = 0;
  return matrices.map((matrix) => {
    const templates = matrix.length / bins;
    const model = new Float32Array(frames * bins);
    for (let frame = 0; frame < frames; frame++) {
      for (let k = 0; k < templates; k++) {
        const activation = activations[frame * total + first + k]!;
        for (let bin = 0; bin < bins; bin++) model[frame * bins + bin]! += activation * matrix[k * bins + bin]!;
      }
    }
    first += templates;
    return model;
  });
}

/** Applies the published estimate, mask^(1/p) times the mixture's spectrum. */
function maskedSignal(
  padded: Float32Array,
  model: Float32Array,
  models: readonly Float32Array[],
  windowSamples: Samples,
  length: Samples,
): Float32Array {
  const hopSamples = windowSamples / 2;
  const windows = symmetricPair(windowSamples);
  const kernel = new Kernel(Stft.requiredBytes(windowSamples) + InverseStft.requiredBytes(windowSamples));
  const stft = new Stft(kernel, windows.analysis, hopSamples);
  const inverse = new InverseStft(kernel, windows, hopSamples);
  const bins = windowSamples / 2 + 1;
  const frames = model.length / bins;
  const output = new Float32Array(frames * hopSamples);
  stft.push(padded, 0, hopSamples);
  stft.transform();
  for (let frame = 0; frame < frames; frame++) {
    stft.push(padded, (frame + 1) * hopSamples, hopSamples);
    stft.transform();
    for (let bin = 0; bin < bins; bin++) {
      const index = frame * bins + bin;
      const sum = models.reduce((total, other) => total + other[index]!, SILENT_MODEL);
      const gain = (model[index]! / sum) ** (1 / MAGNITUDE_EXPONENT);
      inverse.spectrum[2 * bin] = gain * stft.spectrum[2 * bin]!;
      inverse.spectrum[2 * bin + 1] = gain * stft.spectrum[2 * bin + 1]!;
    }
    inverse.synthesize();
    output.set(inverse.output, frame * hopSamples);
  }
  return output.slice(hopSamples, hopSamples + length);
}
