import { Random } from '../../../engine/core/Random.ts';
import { Nmf } from '../../../engine/factorization/Nmf.ts';
import { Kernel, type KernelVariant } from '../../../engine/kernel/Kernel.ts';
import { RealFft } from '../../../engine/kernel/RealFft.ts';
import { interleavedMedians } from './interleavedMedians.ts';
import { type IterationsToOptimum, type MixtureSpectra, measureIterations } from './iterationsToOptimum.ts';
import { measureSolverSpeed, type SolverSpeed } from './solverSpeed.ts';

export interface FftTiming {
  readonly sizeSamples: number;
  readonly forwardMicroseconds: number;
  readonly inverseMicroseconds: number;
  /** Time of the JavaScript fallback over that of the kernel. */
  readonly timesAsFastAsJavaScript: number;
}

export interface FactorizationTiming {
  readonly frames: number;
  readonly bins: number;
  readonly templates: number;
  readonly millisecondsPerUpdate: number;
  /** Gflop/s of the four matrix products of an update. */
  readonly gigaflops: number;
}

export interface MixtureIterations extends IterationsToOptimum {
  readonly bins: number;
  readonly templates: number;
}

export interface KernelTimings {
  readonly solver: readonly SolverSpeed[];
  readonly factorization: FactorizationTiming;
  readonly fft: readonly FftTiming[];
  /** One for each mixture. */
  readonly iterations: readonly MixtureIterations[];
}

const FFT_SIZES = [256, 512, 1000, 1024, 1500, 2000, 2048, 2500, 3072, 4096, 8192];
const FFT_ROUNDS = 15;
const FFT_REPETITIONS = 100;
/** About a minute of speech at 16 kHz, window 2048, hop 640. */
const FACTORIZATION = { frames: 1500, bins: 1025, templates: 40 };
const FACTORIZATION_ROUNDS = 5;
/** Updates per call, as in training, over which copying in and out is distributed. */
const FACTORIZATION_UPDATES = 4;
/** Four matrix products per update, two for each factor, with one multiplication and one addition per element. */
const OPERATIONS_PER_ELEMENT = 8;

/**
 * Compares the kernel with its peak and with other implementations, and counts the solver's iterations on real mixtures.
 * @param onProgress called with the fraction done, 0 to 1
 */
export async function measureKernel(
  mixtures: readonly MixtureSpectra[],
  onProgress: (fraction: number) => void,
): Promise<KernelTimings> {
  const solver = await measureSolverSpeed((fraction) => onProgress(0.4 * fraction));
  onProgress(0.4);
  const factorization = timeFactorization();
  onProgress(0.5);
  const fft = FFT_SIZES.map(timeFft);
  const iterations = mixtures.map((mixture, index) => {
    const counted = measureIterations(mixture, (fraction) =>
      onProgress(0.6 + (0.4 * (index + fraction)) / mixtures.length),
    );
    return { bins: mixture.bins, templates: mixture.templates.length / mixture.bins, ...counted };
  });
  return { solver, factorization, fft, iterations };
}

function timeFactorization(): FactorizationTiming {
  const { frames, bins, templates } = FACTORIZATION;
  const random = new Random(3);
  const magnitudes = Float32Array.from({ length: frames * bins }, () => random.uniform() ** 2);
  const nmf = new Nmf(new Kernel(Nmf.requiredBytes(FACTORIZATION)), FACTORIZATION, magnitudes);
  nmf.templates.set(magnitudes.subarray(0, templates * bins));
  nmf.activations.fill(1 / templates);
  const run = () => nmf.update(FACTORIZATION_UPDATES, 'both');
  const { updates } = interleavedMedians({ updates: { run } }, FACTORIZATION_ROUNDS);
  const update = updates / FACTORIZATION_UPDATES;
  const operations = OPERATIONS_PER_ELEMENT * frames * bins * templates;
  return { ...FACTORIZATION, millisecondsPerUpdate: update, gigaflops: operations / update / 1e6 };
}

function timeFft(sizeSamples: number): FftTiming {
  const kernel = createFft(sizeSamples, Kernel.bestVariant());
  const javaScript = createFft(sizeSamples, 'javascript');
  const medians = interleavedMedians(
    {
      forward: { run: repeated(() => kernel.forward()) },
      inverse: { run: repeated(() => kernel.inverse()) },
      javaScript: { run: repeated(() => javaScript.forward()) },
    },
    FFT_ROUNDS,
  );
  return {
    sizeSamples,
    forwardMicroseconds: (1000 * medians.forward) / FFT_REPETITIONS,
    inverseMicroseconds: (1000 * medians.inverse) / FFT_REPETITIONS,
    timesAsFastAsJavaScript: medians.javaScript / medians.forward,
  };
}

function createFft(sizeSamples: number, variant: KernelVariant): RealFft {
  const random = new Random(sizeSamples);
  const fft = new RealFft(new Kernel(RealFft.requiredBytes(sizeSamples), variant), sizeSamples);
  for (let n = 0; n < sizeSamples; n++) fft.samples[n] = random.between(-1, 1);
  return fft;
}

function repeated(run: () => void): () => void {
  return () => {
    for (let repetition = 0; repetition < FFT_REPETITIONS; repetition++) run();
  };
}
