import { Kernel } from '../../engine/kernel/Kernel.ts';
import type { Texts } from '../texts/catalogue.ts';

type Feature = keyof Texts['web']['lacks'];

/** @returns what this browser lacks, or this address prevents */
export function lackingFeatures(): Feature[] {
  const has: Readonly<Record<Feature, boolean>> = {
    simd: Kernel.bestVariant() !== 'javascript',
    worker: hasModuleWorkers(),
    decoder: typeof OfflineAudioContext === 'function',
    worklet: typeof AudioWorkletNode === 'function' || !isSecureContext,
    microphone: navigator.mediaDevices?.getUserMedia !== undefined,
    serviceWorker: 'serviceWorker' in navigator,
  };
  return (Object.keys(has) as Feature[]).filter((feature) => !has[feature]);
}

/** A browser with module workers reads the option's `type`. */
function hasModuleWorkers(): boolean {
  let isRead = false;
  const options = {
    get type(): WorkerType {
      isRead = true;
      return 'module';
    },
  };
  try {
    // Nothing is loaded: the address is invalid, but the options are read first.
    new Worker('http://:', options).terminate();
  } catch {
    // Refused, as intended.
  }
  return isRead;
}
