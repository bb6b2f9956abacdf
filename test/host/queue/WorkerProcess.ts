import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SMALL_WORKER = fileURLToPath(new URL('./smallWorker.mjs', import.meta.url));
const CLI = fileURLToPath(new URL('../../../dist/host/cli.js', import.meta.url));

export interface WorkerFigures {
  /** Resident memory. */
  readonly bytes: number;
  /** Processor time since the process started. */
  readonly processorSeconds: number;
}

/** A worker in a process of its own. */
export class WorkerProcess {
  readonly process: ChildProcess;
  /** What it has printed. */
  output = '';

  private constructor(words: readonly string[], environment: NodeJS.ProcessEnv) {
    this.process = spawn(process.execPath, words, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
  }

  /** Starts a worker of small jobs. */
  static small(queue: string, storage: string, jobs: number, leaseSeconds = 1): Promise<WorkerProcess> {
    return WorkerProcess.started([SMALL_WORKER, queue, storage, String(jobs), String(leaseSeconds)], {}, /^ready$/m);
  }

  /** Starts `unmingle worker`. The address of the queue is in the environment. */
  static program(queue: string, ...words: readonly string[]): Promise<WorkerProcess> {
    return WorkerProcess.started([CLI, 'worker', ...words], { UNMINGLE_QUEUE: queue }, /^waiting for jobs/m);
  }

  private static async started(words: readonly string[], environment: NodeJS.ProcessEnv, ready: RegExp) {
    const worker = new WorkerProcess(words, environment);
    while (!ready.test(worker.output)) {
      if (worker.process.exitCode !== null) throw new Error(`the worker has ended: ${worker.output}`);
      await Promise.race([
        once(worker.process.stdout!, 'data'),
        once(worker.process.stderr!, 'data'),
        once(worker.process, 'exit'),
      ]);
    }
    return worker;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }

  /** @returns what a worker of small jobs occupies and has used */
  async figures(): Promise<WorkerFigures> {
    const answer = once(this.process, 'message');
    this.process.send('figures');
    const [figures] = (await answer) as [WorkerFigures];
    return figures;
  }
}
