import { Kernel, type KernelVariant } from '../../engine/kernel/Kernel.ts';
import { requiredNodeVersion } from '../files/packageRoot.ts';
import type { Finding } from './Check.ts';

/** @param version of the running Node, such as 20.19.0 @param required lowest version, such as 20.19 */
export function nodeFinding(version = process.versions.node, required = requiredNodeVersion()): Finding {
  const isOk = isAtLeast(version, required);
  return {
    isOk,
    found: isOk ? version : `${version}; at least ${required} is needed`,
    remedy: isOk ? null : 'install a newer version from https://nodejs.org',
  };
}

/** @param variant of the kernel that this machine runs */
export function kernelFinding(variant: KernelVariant = Kernel.bestVariant()): Finding {
  if (variant !== 'javascript') return { isOk: true, found: `WebAssembly, ${variant}`, remedy: null };
  return {
    isOk: false,
    found: 'WebAssembly has no SIMD here; the JavaScript kernel is used, which is many times slower',
    remedy: 'use Node on a processor with SSE4.1 or NEON, without --no-wasm-simd',
  };
}

/** Compares numbers, so that 20.9 is lower than 20.19. */
function isAtLeast(version: string, required: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, least] of required.split('.').map(Number).entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
