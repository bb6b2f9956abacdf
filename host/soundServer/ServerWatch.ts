import { type ChildProcess, spawn } from 'node:child_process';
import { pactlEnvironment } from './pactl.ts';

/** An event of `pactl subscribe`, whose JSON has no line ends. */
const REMOVAL = /^Event 'remove' on (?<kind>sink|source) #(?<index>\d{1,10})$/;
/** Longer lines are no events. */
const MAXIMUM_LINE_CHARACTERS = 1000;

/** A sink or source, as events name it. */
export interface WatchedNode {
  readonly kind: 'sink' | 'source';
  readonly index: number;
}

/**
 * Reports when a sink or source is removed. The streams of a removed device continue on another one, which for a microphone may be the sound
 * of the loudspeaker; neither ALSA nor PortAudio reports that.
 */
export class ServerWatch {
  private readonly child: ChildProcess;
  private readonly nodes: readonly WatchedNode[];
  private readonly onRemoved: (node: WatchedNode) => void;
  private line = '';

  /** @param onRemoved may be called several times, and not after `close` */
  constructor(nodes: readonly WatchedNode[], onRemoved: (node: WatchedNode) => void, program = 'pactl') {
    this.nodes = nodes;
    this.onRemoved = onRemoved;
    // If this process is killed, its streams are removed, and pactl ends when it prints that event to the closed pipe.
    this.child = spawn(program, ['subscribe'], {
      env: pactlEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // Without pactl, or when the server ends, the streams end by themselves.
    this.child.on('error', () => {});
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.receive(text));
  }

  close(): void {
    this.child.stdout?.removeAllListeners('data');
    this.child.kill('SIGKILL');
  }

  private receive(text: string): void {
    const lines = (this.line + text).split('\n');
    this.line = lines.pop()!.slice(-MAXIMUM_LINE_CHARACTERS);
    for (const line of lines) {
      const removed = removedNode(line);
      const node = this.nodes.find(({ kind, index }) => kind === removed?.kind && index === removed.index);
      if (node !== undefined) this.onRemoved(node);
    }
  }
}

/** @param line printed by `pactl subscribe` @returns the sink or source that was removed; null: none was */
export function removedNode(line: string): WatchedNode | null {
  const groups = REMOVAL.exec(line)?.groups;
  return groups === undefined ? null : { kind: groups.kind as WatchedNode['kind'], index: Number(groups.index) };
}
