import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../engine/core/Clock.ts';
import type { BackendName } from '../audio/backend/AudioBackend.ts';
import type { ListedDevice, LiveState } from '../protocol/LiveState.ts';
import { mergeDevices } from './listDevices.ts';
import { nextSearchState, type SearchEvent, type SearchState } from './searchState.ts';

export interface DeviceListOptions {
  readonly state: () => Pick<LiveState, 'backend' | 'phase' | 'devices' | 'inputName' | 'outputName' | 'sendName'>;
  readonly onChange: (devices: readonly ListedDevice[]) => void;
  /** Lists the devices of a backend. @throws within a deadline if no sound system responds */
  readonly list: (backend: BackendName, signal: AbortSignal) => Promise<{ readonly devices: readonly ListedDevice[] }>;
  readonly clock: Pick<Clock, 'nowMilliseconds'>;
}

/** Searches for added and removed devices when a user is about to choose one. All changes of state pass through `dispatch`. */
export class DeviceList {
  private readonly options: DeviceListOptions;
  private readonly abortion = new AbortController();
  private current: SearchState = { name: 'idle' };

  constructor(options: DeviceListOptions) {
    this.options = options;
  }

  /** Calls `onChange` if the list has changed. Does nothing while a search runs or soon after one. Never rejects. */
  async search(): Promise<void> {
    const { backend } = this.options.state();
    // Files are named on the command line and do not change.
    if (backend === null || backend === 'file' || !this.dispatch('search')) return;
    try {
      const { devices } = await this.options.list(backend as BackendName, this.abortion.signal);
      if (this.current.name === 'searching') this.show(backend, devices);
    } catch {
      // No sound system responds: the previous list stays.
    }
    this.dispatch('ended');
  }

  /** Cancels a search that is running. */
  close(): void {
    this.dispatch('close');
    this.abortion.abort();
  }

  private show(backend: string, found: readonly ListedDevice[]): void {
    const now = this.options.state();
    if (now.backend !== backend) return;
    const used = now.phase === 'running' ? [now.inputName, now.outputName, now.sendName] : [];
    const devices = mergeDevices(now.devices, found, used);
    if (!isDeepStrictEqual(devices, now.devices)) this.options.onChange(devices);
  }

  /** @returns whether the state has changed */
  private dispatch(event: SearchEvent): boolean {
    const before = this.current;
    this.current = nextSearchState(before, event, this.options.clock.nowMilliseconds());
    return this.current !== before;
  }
}
