import { AudioError } from '../../../host/audio/backend/AudioError.ts';
import type { Pactl } from '../../../host/soundServer/pactl.ts';

/** An entry of the lists that pactl prints. */
export interface FakeNode {
  readonly index: number;
  readonly name: string;
  readonly description: string;
  readonly sample_specification: string;
  readonly owner_module: number | string;
  readonly monitor_source?: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Stands in for pactl and the server behind it: null sinks and remapped sources come and go with their modules. */
export class FakeSoundServer {
  sinks: readonly FakeNode[] = [fakeNode(0, 'speakers', { monitor_source: 'speakers.monitor' })];
  sources: readonly FakeNode[] = [fakeNode(0, 'speakers.monitor'), fakeNode(1, 'headset')];
  defaultSource: string | null = 'headset';
  /** Commands that change something, as they were given. */
  readonly changes: string[] = [];
  /** Whether the server answers. */
  isRunning = true;
  /** Module that the server refuses to load; null: none. */
  refused: string | null = null;
  /** Called before a module is loaded. */
  beforeLoad: () => void = () => {};
  private nextIndex = 100;

  readonly pactl: Pactl = async (words) => {
    if (!this.isRunning) throw new AudioError('no-audio-system', 'no sound server answers pactl', 'start it');
    const [first, second, third] = words;
    if (first === '--format=json' && second === 'info') return JSON.stringify(this.info());
    if (first === '--format=json') return JSON.stringify(third === 'sinks' ? this.sinks : this.sources);
    this.changes.push(words.slice(0, 2).join(' '));
    if (first === 'load-module') return this.load(second!, words.slice(2).join(' '));
    return this.unload(Number(second));
  };

  /** Ends the server and starts it again with its hardware only. */
  restart(): void {
    this.sinks = this.sinks.filter(({ index }) => index < 100);
    this.sources = this.sources.filter(({ index }) => index < 100);
  }

  /** Names of all sinks and sources that modules have made. */
  get made(): string[] {
    return [...this.sinks, ...this.sources].filter(({ index }) => index >= 100).map(({ name }) => name);
  }

  private info() {
    return { server_name: 'pulseaudio', server_version: '16.1', default_source_name: this.defaultSource };
  }

  private load(module: string, argument: string): string {
    this.beforeLoad();
    if (module === this.refused) throw new AudioError('no-audio-system', 'Module initialization failed', 'try again');
    const index = this.nextIndex++;
    const name = /(?:sink|source)_name=(\S+)/.exec(argument)![1]!;
    const owner = /unmingle\.owner="([^"]+)"/.exec(argument)![1]!;
    const node = fakeNode(index, name, { owner_module: index, properties: { 'unmingle.owner': owner } });
    if (module === 'module-null-sink') {
      this.sinks = [...this.sinks, { ...node, monitor_source: `${name}.monitor` }];
      this.sources = [...this.sources, { ...node, name: `${name}.monitor`, properties: {} }];
    } else this.sources = [...this.sources, node];
    return `${index}\n`;
  }

  private unload(module: number): string {
    const others = (nodes: readonly FakeNode[]) => nodes.filter(({ owner_module }) => owner_module !== module);
    if (others(this.sinks).length + others(this.sources).length === this.sinks.length + this.sources.length)
      throw new AudioError('no-audio-system', 'No such entity', 'try again');
    this.sinks = others(this.sinks);
    this.sources = others(this.sources);
    return '';
  }
}

export function fakeNode(index: number, name: string, changes: Partial<FakeNode> = {}): FakeNode {
  return {
    index,
    name,
    description: `The ${name}`,
    sample_specification: 's16le 2ch 44100Hz',
    owner_module: 7,
    properties: {},
    ...changes,
  };
}
