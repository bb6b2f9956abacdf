/** State of the audio process of a session; the diagram is in ARCHITECTURE.md. */
export type AudioState<Process> =
  /** No process: before the start, or after devices that the user chose could not be opened. */
  | { readonly name: 'released' }
  | { readonly name: 'opening'; readonly process: Process; readonly isRetry: boolean; readonly failures: number }
  | { readonly name: 'open'; readonly process: Process; readonly sinceMilliseconds: number; readonly failures: number }
  /** The devices were lost; the next process starts when `untilMilliseconds` is reached. */
  | { readonly name: 'waiting'; readonly untilMilliseconds: number; readonly failures: number }
  | { readonly name: 'closed' };

export type AudioEvent<Process> =
  /** Devices are to be opened in this new process, in place of whatever there is. */
  | { readonly type: 'open'; readonly process: Process }
  /** The waiting time is over. */
  | { readonly type: 'retry'; readonly process: Process }
  | { readonly type: 'opened'; readonly process: Process }
  | { readonly type: 'failed'; readonly process: Process }
  /** Devices that were open are lost, or their process has ended or hangs. */
  | { readonly type: 'lost'; readonly process: Process }
  /** Devices are wanted again after a failure. */
  | { readonly type: 'wait' }
  | { readonly type: 'release' }
  | { readonly type: 'close' };

/** Devices that are lost sooner than this after they were opened count as a failure. */
const SHORT_LIFE_MILLISECONDS = 2000;
/** A sound server restarts within seconds: for the first 10 s the attempts follow each other quickly. */
const RETRY_MILLISECONDS = 400;
const QUICK_RETRIES = 25;
/** Each attempt starts a process, which costs half a second of one core; a device may be plugged in hours later. */
const SLOW_RETRY_MILLISECONDS = 2000;

/** @returns the next state; `state` itself if the event changes nothing, such as a report about another process than the current one */
export function nextAudioState<Process>(
  state: AudioState<Process>,
  event: AudioEvent<Process>,
  nowMilliseconds: number,
): AudioState<Process> {
  if (state.name === 'closed') return state;
  switch (event.type) {
    case 'open':
      return { name: 'opening', process: event.process, isRetry: false, failures: 0 };
    case 'retry':
      if (state.name !== 'waiting') return state;
      return { name: 'opening', process: event.process, isRetry: true, failures: state.failures };
    case 'opened':
      if (state.name !== 'opening' || state.process !== event.process) return state;
      return { name: 'open', process: event.process, sinceMilliseconds: nowMilliseconds, failures: state.failures };
    case 'failed':
      if (state.name !== 'opening' || state.process !== event.process) return state;
      return state.isRetry ? waiting(state.failures + 1, nowMilliseconds) : { name: 'released' };
    case 'lost': {
      if (state.name !== 'open' || state.process !== event.process) return state;
      const isShortLife = nowMilliseconds - state.sinceMilliseconds < SHORT_LIFE_MILLISECONDS;
      return waiting(isShortLife ? state.failures + 1 : 0, nowMilliseconds);
    }
    case 'wait':
      return state.name === 'released' ? waiting(0, nowMilliseconds) : state;
    case 'release':
      return state.name === 'released' ? state : { name: 'released' };
    case 'close':
      return { name: 'closed' };
  }
}

/** The process of a state; null: there is none. */
export function processOf<Process>(state: AudioState<Process>): Process | null {
  return state.name === 'opening' || state.name === 'open' ? state.process : null;
}

function waiting(
  failures: number,
  nowMilliseconds: number,
): { name: 'waiting'; untilMilliseconds: number; failures: number } {
  const delay = failures === 0 ? 0 : failures <= QUICK_RETRIES ? RETRY_MILLISECONDS : SLOW_RETRY_MILLISECONDS;
  return { name: 'waiting', untilMilliseconds: nowMilliseconds + delay, failures };
}
