import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Device names in the sound server and in ALSA. */
export const MICROPHONE = 'unmingle-mic';
export const LOUDSPEAKER = 'unmingle-speaker';

/**
 * A separate sound server with one virtual sound card: a null sink "bus" whose first channel is the air at the microphone and whose second
 * channel is the air at the loudspeaker. Programs record from the first and play into the second; both are recorded on one clock, so
 * delays and drop-outs are exact to the sample. All files are in a temporary folder; programs started with `environment` use this server.
 */
export class PulseServer {
  readonly environment: NodeJS.ProcessEnv;
  private readonly folder: string;
  private readonly rateHertz: number;
  private server: ChildProcess | null = null;
  private keeper: ChildProcess | null = null;

  private constructor(folder: string, rateHertz: number) {
    this.folder = folder;
    this.rateHertz = rateHertz;
    this.environment = {
      ...process.env,
      HOME: folder,
      PULSE_RUNTIME_PATH: join(folder, 'pulse'),
      PULSE_STATE_PATH: join(folder, 'state'),
      PULSE_CONFIG_PATH: folder,
      PULSE_COOKIE: join(folder, 'cookie'),
      PULSE_SERVER: `unix:${join(folder, 'pulse', 'native')}`,
      ALSA_CONFIG_PATH: join(folder, 'asound.conf'),
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    };
  }

  /** Whether the required programs are installed. */
  static isInstalled(): boolean {
    return ['/usr/bin/pulseaudio', '/usr/bin/pactl', '/usr/bin/parec', '/usr/bin/pacat'].every((path) =>
      existsSync(path),
    );
  }

  static async start(rateHertz = 48_000): Promise<PulseServer> {
    const folder = await mkdtemp(join(tmpdir(), 'unmingle-pulse-'));
    const pulse = new PulseServer(folder, rateHertz);
    await writeFile(
      join(folder, 'asound.conf'),
      '</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n',
    );
    await pulse.boot();
    return pulse;
  }

  /** Starts the server, or starts it again after `crash`. */
  async boot(): Promise<void> {
    const modules = [
      `load-module module-native-protocol-unix auth-anonymous=1 socket=${join(this.folder, 'pulse', 'native')}`,
      `load-module module-null-sink sink_name=bus format=float32le rate=${this.rateHertz} channels=2 channel_map=front-left,front-right`,
      ...this.deviceModules().map((module) => `load-module ${module}`),
      `set-default-sink ${LOUDSPEAKER}`,
      `set-default-source ${MICROPHONE}`,
    ];
    const script = join(this.folder, 'bus.pa');
    await writeFile(script, `${modules.join('\n')}\n`);
    this.server = spawn(
      'pulseaudio',
      [
        '-n',
        '-F',
        script,
        '--daemonize=no',
        '--use-pid-file=no',
        '--exit-idle-time=-1',
        '--log-level=error',
        '--realtime=no',
        '--high-priority=no',
      ],
      { env: this.environment, stdio: 'ignore' },
    );
    await this.waitUntilReady();
    // Without a recorder a null sink renders two seconds at a time.
    this.keeper = spawn('parec', ['-d', 'bus.monitor', '--latency-msec=5', '--rate', String(this.rateHertz)], {
      env: this.environment,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  /** Kills the server, as a restart by the user does. */
  async crash(): Promise<void> {
    const ended = new Promise((resolve) => this.server?.once('exit', resolve));
    this.keeper?.kill('SIGKILL');
    this.server?.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.crash();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Removes the microphone and the loudspeaker, as if their cable were unplugged. */
  async unplug(): Promise<void> {
    for (const name of ['module-remap-source', 'module-remap-sink']) await this.pactl('unload-module', name);
  }

  async plugIn(): Promise<void> {
    for (const module of this.deviceModules()) await this.pactl('load-module', ...module.split(' '));
    await this.pactl('set-default-sink', LOUDSPEAKER);
    await this.pactl('set-default-source', MICROPHONE);
  }

  pactl(...words: string[]): Promise<string> {
    return run('pactl', words, { env: this.environment }).then(({ stdout }) => stdout);
  }

  /** Plays samples into the air at the microphone, queued far ahead so that a busy machine causes no gaps; ends by itself. */
  play(samples: Float32Array): ChildProcess {
    const player = spawn(
      'pacat',
      ['-d', 'air', '--format=float32le', '--channels=1', '--rate', String(this.rateHertz), '--latency-msec=300'],
      { env: this.environment, stdio: ['pipe', 'ignore', 'ignore'] },
    );
    player.stdin.on('error', () => {});
    player.stdin.end(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    return player;
  }

  /** Records the air at the microphone and at the loudspeaker, on one clock. `stop` returns both. */
  record(): { stop(): Promise<{ microphone: Float32Array; loudspeaker: Float32Array }> } {
    const recording = this.listen('bus.monitor', 2);
    return {
      async stop() {
        const frames = await recording.stop();
        const channel = (first: number) =>
          Float32Array.from({ length: Math.floor(frames.length / 2) }, (_, n) => frames[2 * n + first]!);
        return { microphone: channel(0), loudspeaker: channel(1) };
      },
    };
  }

  /** Records the named source, channels interleaved. `latest`: what has been recorded so far. */
  listen(source: string, channels = 1): { readonly latest: Float32Array; stop(): Promise<Float32Array> } {
    const format = ['--format=float32le', `--channels=${channels}`, '--rate', String(this.rateHertz)];
    const recorder = spawn('parec', ['-d', source, ...format, '--latency-msec=20'], {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    recorder.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const samples = () => {
      const bytes = Buffer.concat(chunks);
      return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, n) => bytes.readFloatLE(4 * n));
    };
    return {
      get latest() {
        return samples();
      },
      async stop() {
        const ended = new Promise((resolve) => recorder.once('close', resolve));
        recorder.kill('SIGTERM');
        await ended;
        return samples();
      },
    };
  }

  private deviceModules(): string[] {
    return [
      // The microphone records what is played into "air".
      'module-remap-sink sink_name=air master=bus channels=1 master_channel_map=front-left channel_map=mono remix=no',
      `module-remap-sink sink_name=${LOUDSPEAKER} master=bus channels=1 master_channel_map=front-right channel_map=mono remix=no`,
      `module-remap-source source_name=${MICROPHONE} master=bus.monitor channels=1 master_channel_map=front-left channel_map=mono remix=no`,
    ];
  }

  private async waitUntilReady(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        execFileSync('pactl', ['info'], { env: this.environment, stdio: 'ignore' });
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    throw new Error('pulseaudio did not start');
  }
}
