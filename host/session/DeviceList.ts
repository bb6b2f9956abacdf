import { isDeepStrictEqual } from 'node:util';
import type { Seconds } from '../../engine/core/units.ts';
import type { BackendName } from '../audio/backend/AudioBackend.ts';
import type { ListedDevice, LiveState } from '../protocol/LiveState.ts';
import { listDevices, mergeDevices } from './listDevices.ts';

/** Minimum interval between searches, whatever the number of panels: each starts a process and costs half a second of one core. */
const INTERVAL_SECONDS: Seconds = 2;

/** Searches for added and removed devices when a user is about to choose one. */
export class DeviceList {
  private readonly state: () => LiveState;
  private readonly onChange: (devices: readonly ListedDevice[]) => void;
  private isSearching = false;
  private searchedMilliseconds = Number.NEGATIVE_INFINITY;

  constructor(state: () => LiveState, onChange: (devices: readonly ListedDevice[]) => void) {
    this.state = state;
    this.onChange = onChange;
  }

  /** Calls `onChange` if the list has changed. Never rejects. */
  async search(): Promise<void> {
    const { backend } = this.state();
    // Files are named on the command line and do not change.
    if (backend === null || backend === 'file') return;
    if (this.isSearching || performance.now() - this.searchedMilliseconds < 1000 * INTERVAL_SECONDS) return;
    this.isSearching = true;
    try {
      const { devices: found } = await listDevices(backend as BackendName);
      const now = this.state();
      if (now.backend !== backend) return;
      const used = now.phase === 'running' ? [now.inputName, now.outputName, now.sendName] : [];
      const devices = mergeDevices(now.devices, found, used);
      if (!isDeepStrictEqual(devices, now.devices)) this.onChange(devices);
    } catch {
      // No sound system responds: the previous list stays.
    } finally {
      this.isSearching = false;
      this.searchedMilliseconds = performance.now();
    }
  }
}
