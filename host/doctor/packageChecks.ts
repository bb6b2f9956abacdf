import type { Finding } from './Check.ts';
import { loadProblem, NOT_INSTALLED } from './loadPackage.ts';

type Load = (name: string, signal: AbortSignal) => Promise<string | null>;

const NATIVE_TENSORFLOW = '@tensorflow/tfjs-node';
const PORTABLE_TENSORFLOW = '@tensorflow/tfjs-backend-wasm';

/** TensorFlow.js trains voices: natively, or with WebAssembly, which is always installed. */
export async function trainingFinding(signal: AbortSignal, load: Load = loadProblem): Promise<Finding> {
  const problem = await load(NATIVE_TENSORFLOW, signal);
  if (problem === null) return { isOk: true, found: `TensorFlow, native (${NATIVE_TENSORFLOW})`, remedy: null };
  const portableProblem = await load(PORTABLE_TENSORFLOW, signal);
  if (portableProblem !== null) {
    return {
      isOk: false,
      found: `${PORTABLE_TENSORFLOW}: ${portableProblem}`,
      remedy: 'install unmingle again: voices cannot be trained',
    };
  }
  return {
    isOk: true,
    found: `TensorFlow, WebAssembly (${NATIVE_TENSORFLOW}: ${problem})`,
    remedy: problem === NOT_INSTALLED ? `for faster training: npm install ${NATIVE_TENSORFLOW}` : null,
  };
}

/** @param name of a native package for sound devices @param remedy how it is installed */
export async function soundPackageFinding(
  name: string,
  remedy: string,
  signal: AbortSignal,
  load: Load = loadProblem,
): Promise<Finding> {
  const problem = await load(name, signal);
  return problem === null
    ? { isOk: true, found: `${name} loads`, remedy: null }
    : { isOk: false, found: `${name}: ${problem}`, remedy };
}
