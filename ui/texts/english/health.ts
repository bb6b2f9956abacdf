import { countText, plural } from '../../base/numberText.ts';

export const health = {
  noMeasurements: 'No measurements yet.',
  latency: 'Latency',
  algorithm: 'Algorithm',
  buffers: 'Buffers',
  devices: 'Devices',
  load: 'Load',
  blockTime: 'Block time, median',
  percentile: '99th percentile',
  maximum: 'Maximum',
  overload: 'Overload',
  overloads: {
    none: 'none',
    'fewer-iterations': 'fewer iterations',
    'fewer-templates': 'fewer templates',
    bypass: 'bypassed',
  },
  chart: {
    name: 'Load and latency over the last five minutes',
    load: 'load',
    loadHint: "Median processing time per block, relative to the block's duration",
    percentile: '99th percentile',
    latency: 'latency',
    latencyHint: 'Full scale is 100 ms',
    problem: 'problem',
    problemHint: 'Audio dropout or overload',
  },
  diagnosis: 'Diagnosis',
  noProblems: 'No problems detected',
  findings: {
    noDevice: 'No sound device is open.',
    deadInput: (input: string) => `No sound comes from ${input}. Is it muted, or unplugged?`,
    longDelay: (milliseconds: number) =>
      `You hear everything ${milliseconds} ms late, most of it in the sound devices. Close other programs, or choose another device.`,
    noSpeaker: 'No speaker loaded: all sound goes to Rest.',
    oneSpeaker: 'Only one speaker loaded, so it gets all the sound. Load “background” too, or turn up Rest.',
    overload: 'This computer is too slow for these settings. Choose Call or Studio, or fewer iterations.',
    similar: (one: string, other: string) => `${one} and ${other} sound similar: expect leakage.`,
    loudRest: 'Much of the sound matches no loaded speaker. A voice may be missing.',
  },
  /** How often something happened, in `faults`. */
  times: (count: number) => (count === 1 ? 'once' : `${countText(count)} times`),
  /** What a counter means: what happened, its cause and the remedy. */
  faults: {
    engineRestarts: (times: string) =>
      `The engine crashed or stopped responding, and was restarted ${times}. If it happens again, please report it with the messages in the terminal.`,
    restarts: (times: string) => `A sound device was lost and opened again ${times}. Check its cable.`,
    outputGaps: (times: string) =>
      `The output was silent ${times}, because no sound was ready in time. Close other programs, or choose Call or Studio.`,
    inputGaps: (times: string) =>
      `Sound from the input was lost ${times}, because this computer was busy. Close other programs.`,
    dryFallbacks: (times: string) =>
      `The unprocessed input was played ${times}, because the engine was late. Close other programs, or choose Call or Studio.`,
    shortenings: (times: string) => `Sound was skipped ${times}, because the delay had grown. Close other programs.`,
    overloads: (times: string) =>
      `Separation was reduced ${times}, because this computer was too slow. Choose Call or Studio, or fewer iterations.`,
    recordingDroppedSamples: () =>
      'Parts of a recording are missing, because the disk was too slow. Record to another disk.',
    clippedSamples: () => 'The input has clipped. Turn the microphone down.',
    invalidSamples: () => 'The input contained invalid samples. Check the driver of the sound device.',
  },
  quality: 'Quality',
  gap: 'KL gap',
  gapHint: 'Upper bound on the distance of the solver from its optimum',
  iterations: 'Iterations',
  rest: 'Rest',
  restHint: 'Level of the sound assigned to no speaker, relative to the input',
  restOff: 'off',
  similarity: 'Template similarity',
  /** @param share in percent */
  similarityOf: (one: string, other: string, share: string) => `${one} and ${other}: ${share}`,
  adapting: (progress: string) => `Adapting the voices to each other: ${progress}`,
  adapted: 'The voices are adapted to each other.',
  /** @param reason from the host */
  notAdapted: (reason: string) => `Voices not adapted to each other: ${reason}`,
  sinceStart: 'Since start',
  counters: {
    name: 'Counters',
    inputGaps: 'Input gaps',
    outputGaps: 'Output gaps',
    shortenings: 'Buffers trimmed',
    overloads: 'Overloads',
    dryFallbacks: 'Dry fallbacks',
    engineRestarts: 'Engine restarts',
    restarts: 'Device restarts',
    clippedSamples: 'Clipped samples',
    invalidSamples: 'Invalid samples',
    recordingDroppedSamples: 'Samples not recorded',
    telemetryDropped: 'Telemetry frames dropped',
  },
  samples: (count: number) => `${countText(count)} ${plural(count, 'sample', 'samples')}`,
  clockDrift: 'Clock drift',
  memory: 'Memory',
};
