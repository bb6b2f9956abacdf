import { isDeepStrictEqual } from 'node:util';
import type { Seconds } from '../../engine/core/units.ts';
import type { BackendName } from '../audio/backend/AudioBackend.ts';
import type { ListedDevice, LiveState } from '../protocol/LiveState.ts';
import { listDevices, mergeDevices } from './listDevices.ts';

/** However many panels ask: looking costs a process half a second of one core. */
const LEAST_SECONDS: Seconds = 2;

/** Looks for devices that have come or gone when somebody wants to choose among them. */
export class DeviceList {
  private readonly state: () => LiveState;
  private readonly onChange: (devices: readonly ListedDevice[]) => void;
  private isLooking = false;
  private lookedMilliseconds = Number.NEGATIVE_INFINITY;

  constructor(state: () => LiveState, onChange: (devices: readonly ListedDevice[]) => void) {
    this.state = state;
    this.onChange = onChange;
  }

  /** Answers by `onChange` where something has changed; never rejects. */
  async look(): Promise<void> {
    const { backend } = this.state();
    // Files neither come nor go.
    if (backend === null || backend === 'file') return;
    if (this.isLooking || performance.now() - this.lookedMilliseconds < 1000 * LEAST_SECONDS) return;
    this.isLooking = true;
    try {
      const { devices: found } = await listDevices(backend as BackendName);
      const now = this.state();
      if (now.backend !== backend) return;
      const used = now.phase === 'running' ? [now.inputName, now.outputName, now.sendName] : [];
      const devices = mergeDevices(now.devices, found, used);
      if (!isDeepStrictEqual(devices, now.devices)) this.onChange(devices);
    } catch {
      // No sound system answers now: what was there before stays to be chosen.
    } finally {
      this.isLooking = false;
      this.lookedMilliseconds = performance.now();
    }
  }
}
