import * as tf from '@tensorflow/tfjs-core';

/** What computes the network's fit: the native TensorFlow library, WebAssembly, or plain JavaScript. */
export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

export interface BackendOptions {
  /** Where the .wasm files of `@tensorflow/tfjs-backend-wasm` lie, ending in a slash; left out, the package looks beside itself. */
  readonly wasmPath?: string;
  /** Only this backend. @default the first that loads of tensorflow, wasm, cpu */
  readonly backend?: BackendName;
}

/** The chosen backend and, line by line, why a faster one was not. */
export interface ChosenBackend {
  readonly name: BackendName;
  readonly notes: readonly string[];
}

/** An optional package: resolved at run time only, so that nobody needs it to build or to train. */
const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node';

/**
 * Loads the fastest tfjs backend there is. tfjs falls back in silence when a backend cannot start, so what really runs is checked.
 * @throws Error where the asked-for backend, or every backend, fails to load
 */
export async function chooseBackend(options: BackendOptions = {}): Promise<ChosenBackend> {
  const notes: string[] = [];
  const candidates: readonly BackendName[] =
    options.backend === undefined ? ['tensorflow', 'wasm', 'cpu'] : [options.backend];
  for (const name of candidates) {
    try {
      await load(name, options);
      if ((await tf.setBackend(name)) && tf.getBackend() === name) return { name, notes };
      notes.push(`backend ${name} did not start`);
    } catch (error) {
      notes.push(name === 'tensorflow' ? missingNative(error) : `backend ${name} did not load: ${firstLine(error)}`);
    }
  }
  throw new Error(`no tfjs backend could be started: ${notes.join('; ')}`);
}

async function load(name: BackendName, options: BackendOptions): Promise<void> {
  if (name === 'tensorflow') await import(NATIVE_PACKAGE);
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  if (name === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    if (options.wasmPath !== undefined) setWasmPaths(options.wasmPath);
  }
}

function missingNative(error: unknown): string {
  return `${NATIVE_PACKAGE} is not available (${firstLine(error)}); for faster training: npm install ${NATIVE_PACKAGE}`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
