import { join } from 'node:path';
import { packageRoot } from './packageRoot.ts';

/** The two synthetic voices of the bundled mixture. Their presets and their recordings have these names. */
export const DEMO_SPEAKERS = ['synthetic-female', 'synthetic-male'] as const;

/** Path of the bundled mixture: both demo voices speaking at once for ten seconds. */
export function demoMixturePath(): string {
  return join(packageRoot(), 'presets', 'demo', 'mixture.flac');
}

/** Path of one demo voice alone, aligned with the mixture. */
export function demoVoicePath(speaker: (typeof DEMO_SPEAKERS)[number]): string {
  return join(packageRoot(), 'presets', 'demo', `${speaker}.flac`);
}
