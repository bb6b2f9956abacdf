import { AudioError } from '../audio/backend/AudioError.ts';
import { moduleOwner } from '../soundServer/moduleOwner.ts';
import { type Pactl, pactlProgram } from '../soundServer/pactl.ts';
import { readServerNodes } from '../soundServer/serverNodes.ts';
import { virtualCableRemedy } from '../soundServer/virtualCables.ts';
import { isComplete, makeModules, removeLeftOvers, removeModules } from '../soundServer/virtualMicrophoneModules.ts';
import { SerialQueue } from './SerialQueue.ts';
import {
  nextVirtualMicrophoneState,
  type VirtualMicrophoneEvent,
  type VirtualMicrophoneState,
} from './virtualMicrophoneState.ts';

export interface VirtualMicrophoneOptions {
  /** @default the program of that name */
  readonly pactl?: Pactl;
  /** Text by which the modules of this process are recognised. @default made of the process's number and start */
  readonly owner?: () => Promise<string>;
  /** @default the platform of this process */
  readonly platform?: NodeJS.Platform;
}

/**
 * Owns the virtual microphone of a session: makes it in the sound server before a device is opened that needs it, and removes it
 * afterwards, as well as those that killed sessions have left. Its work is done one piece at a time; all changes of state pass through
 * `dispatch`.
 */
export class VirtualMicrophone {
  private readonly pactl: Pactl;
  private readonly owner: () => Promise<string>;
  private readonly platform: NodeJS.Platform;
  private readonly work = new SerialQueue();
  private current: VirtualMicrophoneState = 'absent';
  /** Whether what killed sessions have left has been removed. */
  private isSwept = false;

  constructor({
    pactl = pactlProgram(),
    owner = () => moduleOwner(process.pid),
    platform = process.platform,
  }: VirtualMicrophoneOptions = {}) {
    this.pactl = pactl;
    this.owner = owner;
    this.platform = platform;
  }

  get state(): VirtualMicrophoneState {
    return this.current;
  }

  /** Makes it, unless it exists. @throws AudioError if the system or the server does not allow it, or another session has one */
  make(): Promise<void> {
    return this.work.run(async () => {
      if (this.platform !== 'linux') {
        const happened = 'this system lets no program make a virtual microphone';
        throw new AudioError('no-device', happened, virtualCableRemedy(this.platform));
      }
      const owner = await this.owner();
      if (this.current === 'present' && !isComplete(await readServerNodes(this.pactl), owner)) this.dispatch('gone');
      if (!this.dispatch('make')) return;
      try {
        await makeModules(this.pactl, owner);
        this.isSwept = true;
        this.dispatch('made');
      } catch (error) {
        this.dispatch('failed');
        throw error;
      }
    });
  }

  /** Removes it if it exists; the first time, also what killed sessions have left. Never rejects. */
  remove(): Promise<void> {
    return this.work.run(() => this.removeNow());
  }

  /** Removes it for good. Never rejects. */
  close(): Promise<void> {
    return this.work.run(async () => {
      if (this.current === 'present') await this.removeNow();
      this.dispatch('close');
    });
  }

  /** If the server does not answer, it has ended, and the microphone with it. */
  private async removeNow(): Promise<void> {
    if (this.dispatch('remove')) {
      await removeModules(this.pactl, await this.owner()).catch(() => {});
      this.dispatch('removed');
    } else if (!this.isSwept && this.platform === 'linux') {
      await removeLeftOvers(this.pactl).catch(() => {});
    }
    this.isSwept = true;
  }

  /** @returns whether the state has changed */
  private dispatch(event: VirtualMicrophoneEvent): boolean {
    const before = this.current;
    this.current = nextVirtualMicrophoneState(before, event);
    return this.current !== before;
  }
}
