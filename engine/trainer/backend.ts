import * as tf from '@tensorflow/tfjs-core';

/** Backend of tfjs: the native TensorFlow library, WebAssembly, or plain JavaScript. */
export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

export interface BackendOptions {
  /** Folder or URL of the .wasm files of `@tensorflow/tfjs-backend-wasm`, ending in a slash. @default next to the package's script */
  readonly wasmPath?: string;
  /** Backend to use. @default the first of tensorflow, wasm, cpu that loads */
  readonly backend?: BackendName;
}

/** The chosen backend, and one short note for each faster backend on why it is unavailable. */
export interface ChosenBackend {
  readonly name: BackendName;
  readonly notes: readonly string[];
}

/** Optional package. Typed as string, so that the compiler does not resolve it: it is not required to build or to train. */
const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node';

/**
 * Loads the fastest available tfjs backend. tfjs silently falls back if a backend cannot start, so the active backend is checked.
 * @throws Error if the requested backend, or every backend, fails to load
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
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return isMissing
    ? `for faster training: npm install ${NATIVE_PACKAGE}`
    : `${NATIVE_PACKAGE} cannot be loaded: ${firstLine(error)}`;
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line;
}
