import type { LiveCounters } from '../../host/protocol/LiveState.ts';
import { countText } from '../base/numberText.ts';

/** A counter that indicates a fault, and what it means. */
interface CounterFinding {
  readonly counter: keyof LiveCounters;
  /** What happened and its cause. @param times "once" or "12 times" */
  readonly what: (times: string) => string;
  readonly remedy: string;
}

const LESS_LOAD = 'Close other programs, or choose Call or Studio.';

/** In order of severity. */
const FINDINGS: readonly CounterFinding[] = [
  {
    counter: 'engineRestarts',
    what: (times) => `The engine crashed or stopped responding, and was restarted ${times}.`,
    remedy: 'If it happens again, please report it with the messages in the terminal.',
  },
  {
    counter: 'restarts',
    what: (times) => `A sound device was lost and opened again ${times}.`,
    remedy: 'Check its cable.',
  },
  {
    counter: 'outputGaps',
    what: (times) => `The output was silent ${times}, because no sound was ready in time.`,
    remedy: LESS_LOAD,
  },
  {
    counter: 'inputGaps',
    what: (times) => `Sound from the input was lost ${times}, because this computer was busy.`,
    remedy: 'Close other programs.',
  },
  {
    counter: 'dryFallbacks',
    what: (times) => `The unprocessed input was played ${times}, because the engine was late.`,
    remedy: LESS_LOAD,
  },
  {
    counter: 'shortenings',
    what: (times) => `Sound was skipped ${times}, because the delay had grown.`,
    remedy: 'Close other programs.',
  },
  {
    counter: 'overloads',
    what: (times) => `Separation was reduced ${times}, because this computer was too slow.`,
    remedy: 'Choose Call or Studio, or fewer iterations.',
  },
  {
    counter: 'recordingDroppedSamples',
    what: () => 'Parts of a recording are missing, because the disk was too slow.',
    remedy: 'Record to another disk.',
  },
  { counter: 'clippedSamples', what: () => 'The input has clipped.', remedy: 'Turn the microphone down.' },
  {
    counter: 'invalidSamples',
    what: () => 'The input contained invalid samples.',
    remedy: 'Check the driver of the sound device.',
  },
];

/** Faults counted since the session started, as sentences with cause and remedy, most severe first. */
export function counterFindings(counters: LiveCounters): string[] {
  return FINDINGS.filter(({ counter }) => counters[counter] > 0).map(
    ({ counter, what, remedy }) => `${what(timesText(counters[counter]))} ${remedy}`,
  );
}

function timesText(count: number): string {
  return count === 1 ? 'once' : `${countText(count)} times`;
}
