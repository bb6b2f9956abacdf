import { InputError } from '../core/errors.ts';
import type { Random } from '../core/Random.ts';
import { decibelsToAmplitude } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { evidenceSpectrum, type SpeakerEvidence } from '../model/SpeakerEvidence.ts';
import type { SpeakerSet } from '../model/SpeakerSet.ts';
import { shapeOf } from '../model/SpeakerSetShape.ts';
import { bandsOfShape, MergedSolver } from '../separator/MergedSolver.ts';
import type { MixtureFrames } from './MixtureFrames.ts';
import { TARGET_STEPS } from './maskGradients.ts';

/** Largest level difference between speakers, either way. */
const LEVEL_SPREAD_DECIBELS = 5;
/** Amplitude at which frames are mixed and solved. */
const LEVEL = 0.05;
/** Share of frames with a single speaker, as in most of a conversation. */
const SINGLE_SHARE = 0.1;
/** Number of different random phases. */
const PHASES = 256;
const COSINES = Float64Array.from({ length: PHASES }, (_, phase) => Math.cos((2 * Math.PI * phase) / PHASES));
/** Solver iterations: more than live, because these frames have no predecessor for a warm start. */
const ITERATIONS = 8;
/** Frames solved together. */
const GROUP_FRAMES = 4;

/** Random frequency scaling of the evidence, which is too short to cover all pitches of a voice. */
export interface FrequencyScaling {
  /** Share of the spectra that are scaled, 0 to 1. */
  readonly scaledShare: number;
  /** Largest relative change of frequency, either way. */
  readonly frequencySpread: number;
}

/** Mixes the frames from evidence with random levels and phases, and solves for their activations. */
export class FrameMixer {
  private readonly frames: MixtureFrames;
  private readonly speakerSet: SpeakerSet;
  private readonly solver: MergedSolver;
  private readonly spectra: readonly (readonly Float32Array[])[];
  private readonly scaling: FrequencyScaling;
  private readonly random: Random;
  /** [bins] |X|^p of the frame that is mixed */
  private readonly magnitudes: Float32Array;
  /** [speakers][bins] magnitudes of the frame that is mixed */
  private readonly parts: readonly Float32Array[];
  /** [speakers] of one bin */
  private readonly real: Float64Array;
  private readonly imaginary: Float64Array;

  /** @param evidence of each speaker, in order @throws InputError if evidence is missing or ends below the bandwidth of the speaker set */
  constructor(
    frames: MixtureFrames,
    speakerSet: SpeakerSet,
    evidence: readonly SpeakerEvidence[],
    scaling: FrequencyScaling,
    random: Random,
  ) {
    const { speakers, bins, plan } = speakerSet;
    if (evidence.length !== speakers.length) {
      throw new InputError(`evidence must be as many as speakers, ${speakers.length}, got ${evidence.length}`);
    }
    this.frames = frames;
    this.scaling = scaling;
    this.speakerSet = speakerSet;
    this.random = random;
    this.magnitudes = new Float32Array(bins);
    this.parts = speakers.map(() => new Float32Array(bins));
    this.real = new Float64Array(speakers.length);
    this.imaginary = new Float64Array(speakers.length);
    const shape = shapeOf(speakerSet);
    const config = { shape, bands: bandsOfShape(shape), hasCopies: true, frames: GROUP_FRAMES };
    this.solver = new MergedSolver(new Kernel(MergedSolver.requiredBytes(config)), config);
    this.solver.setTemplates(speakers);
    const binHertz = plan.sampleRateHertz / plan.windowSamples;
    this.spectra = evidence.map((each) => spectraAtBins(each, bins, binHertz));
  }

  /** Mixes the frames from `first` to before `end`. */
  mix(first: number, end: number): void {
    const { frames, solver, magnitudes } = this;
    const { templates } = frames;
    for (let next = first; next < end; next += GROUP_FRAMES) {
      const count = Math.min(GROUP_FRAMES, end - next);
      for (let member = 0; member < GROUP_FRAMES; member++) {
        if (member < count) this.mixFrame(next + member);
        else magnitudes.fill(0);
        solver.setMagnitudes(member, magnitudes);
      }
      solver.reset();
      solver.solve(ITERATIONS);
      for (let member = 0; member < count; member++) {
        const row = member * solver.activationStride;
        frames.activations.set(solver.activations.subarray(row, row + templates), (next + member) * templates);
      }
    }
  }

  /** Mixes one frame: sets its rows of powers and targets, and `magnitudes`. */
  private mixFrame(frame: number): void {
    const { speakerSet, magnitudes, random, parts, real, imaginary } = this;
    const { targets, powers } = this.frames;
    const { bins, magnitudeExponent } = speakerSet;
    this.drawParts();
    for (let bin = 0; bin < bins; bin++) {
      let sumReal = 0;
      let sumImaginary = 0;
      for (let s = 0; s < parts.length; s++) {
        const phase = random.integer(PHASES);
        const magnitude = parts[s]![bin]!;
        real[s] = magnitude * COSINES[phase]!;
        imaginary[s] = magnitude * COSINES[(phase + PHASES / 4) % PHASES]!;
        sumReal += real[s]!;
        sumImaginary += imaginary[s]!;
      }
      const power = sumReal * sumReal + sumImaginary * sumImaginary + 1e-16;
      const index = frame * bins + bin;
      magnitudes[bin] = magnitudeExponent === 0.5 ? Math.sqrt(Math.sqrt(power)) : power ** (magnitudeExponent / 2);
      powers[index] = power;
      for (let s = 0; s < parts.length; s++) {
        const share = (real[s]! * sumReal + imaginary[s]! * sumImaginary) / power;
        targets[s]![index] = Math.round(TARGET_STEPS * Math.min(1, Math.max(0, share)));
      }
    }
  }

  /** Sets `parts` to a random spectrum of each speaker, at a random level, some of them scaled in frequency. */
  private drawParts(): void {
    const { random, parts, spectra, scaling } = this;
    const onlySpeaker = random.uniform() < SINGLE_SHARE ? random.integer(parts.length) : -1;
    for (let s = 0; s < parts.length; s++) {
      const level = random.between(-LEVEL_SPREAD_DECIBELS, LEVEL_SPREAD_DECIBELS) / 2;
      const gain = onlySpeaker >= 0 && onlySpeaker !== s ? 0 : LEVEL * decibelsToAmplitude(level);
      const spectrum = random.element(spectra[s]!);
      const isScaled = random.uniform() < scaling.scaledShare;
      const factor = isScaled ? 1 + random.between(-scaling.frequencySpread, scaling.frequencySpread) : 1;
      scale(spectrum, factor, gain, parts[s]!);
    }
  }
}

/** Sets `result` to the spectrum times `gain`, with frequencies divided by `factor`; 0 beyond its end. */
function scale(spectrum: Float32Array, factor: number, gain: number, result: Float32Array): void {
  const last = spectrum.length - 1;
  for (let bin = 0; bin <= last; bin++) {
    const lower = Math.floor(bin * factor);
    const upper = factor === 1 ? lower : lower + 1;
    if (upper > last) result[bin] = 0;
    else result[bin] = gain * (spectrum[lower]! + (bin * factor - lower) * (spectrum[upper]! - spectrum[lower]!));
  }
}

/** @returns [frames] of [bins] the evidence's spectra, interpolated linearly at the speaker set's bins */
function spectraAtBins(evidence: SpeakerEvidence, bins: number, binHertz: number): Float32Array[] {
  const ratio = binHertz / evidence.binHertz;
  const last = evidence.edges.at(-1)! - 1;
  if ((bins - 1) * ratio > last + 1e-6) {
    const endHertz = last * evidence.binHertz;
    throw new InputError(
      `the evidence of "${evidence.name}" must extend to ${(bins - 1) * binHertz} Hz, got ${endHertz} Hz`,
    );
  }
  return Array.from({ length: evidence.frames }, (_, frame) => {
    const spectrum = evidenceSpectrum(evidence, frame);
    const result = new Float32Array(bins);
    for (let bin = 0; bin < bins; bin++) {
      const lower = Math.min(last, Math.floor(bin * ratio + 1e-9));
      const upper = Math.min(last, lower + 1);
      const weight = Math.max(0, bin * ratio - lower);
      result[bin] = spectrum[lower]! + weight * (spectrum[upper]! - spectrum[lower]!);
    }
    return result;
  });
}
