/** Weight of each vector's likelihood: stretches of 1.5 s every 0.2 s share most of their speech, so each says little that is new. */
const LIKELIHOOD_WEIGHT = 0.2;
/** Probability that the next vector is of the same voice. */
const STAY = 0.9;
const MOST_ITERATIONS = 20;
/** Gain of the evidence lower bound for each vector, below which the inference ends. */
const SMALLEST_GAIN = 1e-6;
/** Part of each vector that belongs to all voices alike at the start. */
const START_SPREAD = 0.01;

/**
 * Infers the voices in a sequence of vectors, and how many there are, by variational Bayes: a hidden Markov model with a state for each
 * voice, whose mean has a Gaussian prior. A voice that explains nothing which the others do not is left without vectors. (F. Landini,
 * J. Profant, M. Diez, L. Burget, "Bayesian HMM clustering of x-vector sequences (VBx) in speaker diarization", Computer Speech & Language
 * 71, 2022)
 * @param vectors of stretches in the order of time, in a space in which those of one voice have a covariance of 1
 * @param start [vectors] index of a voice, from a clustering into more voices than there are
 * @param variances [dimensions] of the means of voices, around 0
 * @param priorWeight above 0; the higher, the fewer voices
 * @returns [voices][vectors] probability that the vector is of this voice; as many voices as `start` has, also those without vectors
 */
export function inferVoices(
  vectors: readonly Float32Array[],
  start: ArrayLike<number>,
  variances: Float32Array,
  priorWeight: number,
): readonly Float64Array[] {
  const voices = Math.max(...Array.from(start)) + 1;
  let chances: readonly Float64Array[] = Array.from({ length: voices }, (_, voice) =>
    Float64Array.from(start, (own) => START_SPREAD / voices + (own === voice ? 1 - START_SPREAD : 0)),
  );
  let shares: Float64Array = new Float64Array(voices).fill(1 / voices);
  let bound = Number.NEGATIVE_INFINITY;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const models = chances.map((own) => voiceModel(vectors, own, variances, priorWeight));
    const likelihoods = models.map((model) => logLikelihoods(vectors, model));
    const passed = forwardBackward(likelihoods, shares);
    ({ chances, shares } = passed);
    const reached = passed.logEvidence - models.reduce((sum, { divergence }) => sum + divergence, 0);
    if (reached - bound < SMALLEST_GAIN * vectors.length) break;
    bound = reached;
  }
  return chances;
}

/** Gaussian posterior of a voice's mean. */
interface VoiceModel {
  /** [dimensions] */
  readonly mean: Float64Array;
  /** Half of the expected squared norm of the mean. */
  readonly penalty: number;
  /** Kullback-Leibler divergence of the posterior from the prior, in nats, times `priorWeight`. */
  readonly divergence: number;
}

/** @param chances [vectors] probability that the vector is of this voice */
function voiceModel(
  vectors: readonly Float32Array[],
  chances: Float64Array,
  variances: Float32Array,
  priorWeight: number,
): VoiceModel {
  const mean = new Float64Array(variances.length);
  let count = 0;
  vectors.forEach((vector, index) => {
    const chance = chances[index]!;
    count += chance;
    for (let d = 0; d < mean.length; d++) mean[d]! += chance * vector[d]!;
  });
  const weight = LIKELIHOOD_WEIGHT / priorWeight;
  let penalty = 0;
  let divergence = 0;
  for (let d = 0; d < mean.length; d++) {
    const prior = variances[d]!;
    const variance = 1 / (1 / prior + weight * count);
    mean[d] = variance * weight * mean[d]!;
    const square = mean[d]! ** 2 + variance;
    penalty += square / 2;
    divergence += (priorWeight / 2) * (square / prior - 1 - Math.log(variance / prior));
  }
  return { mean, penalty, divergence };
}

/** @returns [vectors] logarithm of the likelihood of each, but for what is the same for all voices */
function logLikelihoods(vectors: readonly Float32Array[], { mean, penalty }: VoiceModel): Float64Array {
  return Float64Array.from(vectors, (vector) => {
    let product = 0;
    for (let d = 0; d < mean.length; d++) product += mean[d]! * vector[d]!;
    return LIKELIHOOD_WEIGHT * (product - penalty);
  });
}

interface Passed {
  /** [voices][vectors] probability that the vector is of this voice, given all vectors */
  readonly chances: readonly Float64Array[];
  /** [voices] probability that a voice begins when there is a change */
  readonly shares: Float64Array;
  /** Logarithm of the likelihood of all vectors. */
  readonly logEvidence: number;
}

/**
 * The forward-backward algorithm, normalised at each vector, so that nothing underflows.
 * @param likelihoods [voices][vectors] natural logarithms
 * @param shares [voices] probability that a voice begins when there is a change
 */
function forwardBackward(likelihoods: readonly Float64Array[], shares: Float64Array): Passed {
  const voices = shares.length;
  const count = likelihoods[0]!.length;
  const chances = likelihoods.map(() => new Float64Array(count));
  const scaled = likelihoods.map(() => new Float64Array(count));
  const totals = new Float64Array(count);
  let logEvidence = 0;
  for (let t = 0; t < count; t++) {
    const largest = Math.max(...likelihoods.map((own) => own[t]!));
    let total = 0;
    for (let v = 0; v < voices; v++) {
      const before = t === 0 ? shares[v]! : STAY * chances[v]![t - 1]! + (1 - STAY) * shares[v]!;
      scaled[v]![t] = Math.exp(likelihoods[v]![t]! - largest);
      chances[v]![t] = before * scaled[v]![t]!;
      total += chances[v]![t]!;
    }
    for (let v = 0; v < voices; v++) chances[v]![t]! /= total;
    totals[t] = total;
    logEvidence += Math.log(total) + largest;
  }
  // From the end: `later` is the likelihood of all later vectors, for each voice, relative to their evidence.
  const later = new Float64Array(voices).fill(1);
  const begins = new Float64Array(voices);
  for (let t = count - 1; t >= 0; t--) {
    let sum = 0;
    for (let v = 0; v < voices; v++) {
      chances[v]![t]! *= later[v]!;
      later[v] = (later[v]! * scaled[v]![t]!) / totals[t]!;
      sum += shares[v]! * later[v]!;
    }
    for (let v = 0; v < voices; v++) {
      begins[v]! += (t === 0 ? 1 : 1 - STAY) * shares[v]! * later[v]!;
      later[v] = STAY * later[v]! + (1 - STAY) * sum;
    }
  }
  const total = begins.reduce((sum, value) => sum + value, 0);
  return { chances, shares: begins.map((value) => value / total), logEvidence };
}
