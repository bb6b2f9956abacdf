import { recordError } from '../../../engine/core/errorRecord.ts';
import { adaptSpeakers } from './adaptSpeakers.ts';
import { enrolVoice } from './enrolVoice.ts';
import { findVoices } from './findVoices.ts';
import { importSound } from './importSound.ts';
import { separateSound } from './separateSound.ts';
import type { WorkAnswer, WorkCall, WorkHandlers, WorkProgress } from './workMessages.ts';

/** The part of a worker's global scope that is used; the page's types do not include it. */
interface WorkerScope {
  postMessage(message: WorkAnswer): void;
  onmessage: ((event: MessageEvent<WorkCall>) => void) | null;
}

/** The name of a call determines the type of its argument, which the compiler does not relate to the handler. */
type AnyHandler = (argument: unknown, onProgress: (progress: WorkProgress) => void) => Promise<unknown>;

const scope = globalThis as unknown as WorkerScope;

const HANDLERS: WorkHandlers = {
  import: importSound,
  find: findVoices,
  separate: separateSound,
  enrol: enrolVoice,
  adapt: async ({ speakers }, onProgress) =>
    (await adaptSpeakers(speakers, (fraction) => onProgress({ fraction, stage: 'adapting', voice: null }))).text,
};

scope.onmessage = ({ data }) => void perform(data);

async function perform({ number, name, argument }: WorkCall): Promise<void> {
  const handler = HANDLERS[name] as AnyHandler;
  try {
    const answer = await handler(argument, (progress) => scope.postMessage({ type: 'progress', number, progress }));
    scope.postMessage({ type: 'answer', number, answer });
  } catch (error) {
    scope.postMessage({ type: 'refusal', number, error: recordError(error) });
  }
}
