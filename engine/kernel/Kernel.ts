import { decodeBase64 } from '../core/base64.ts';
import { InputError } from '../core/errors.ts';
import { relaxedSimdBase64 } from './generated/relaxedSimd.ts';
import { simdBase64 } from './generated/simd.ts';
import { JavaScriptKernel } from './JavaScriptKernel.ts';
import type { Address, KernelFunctions } from './KernelFunctions.ts';

/** Builds of the kernel, fastest first. */
export const KERNEL_VARIANTS = ['relaxed-simd', 'simd', 'javascript'] as const;
export type KernelVariant = (typeof KERNEL_VARIANTS)[number];

/** Numbers in a kernel's memory. */
export interface KernelArray {
  readonly address: Address;
  readonly values: Float32Array;
}

const PAGE_BYTES = 65_536;
/** Vectors of 16 bytes never straddle a cache line. */
const ALIGNMENT_BYTES = 64;
const LARGEST_CAPACITY_BYTES = 2 ** 31;

/**
 * One linear memory and the functions that compute in it. The memory has its final size from the start, so that views never detach:
 * whoever needs a kernel adds up the `requiredBytes` of all that will live in it.
 */
export class Kernel {
  readonly variant: KernelVariant;
  readonly functions: KernelFunctions;
  private readonly buffer: ArrayBuffer;
  /** Address 0 stays unused: it means "none". */
  private end: Address = ALIGNMENT_BYTES;

  /**
   * @param capacityBytes sum of `requiredBytes` of its users
   * @param variant by default the fastest that runs here
   * @throws InputError where the variant does not run here
   */
  constructor(capacityBytes: number, variant: KernelVariant = Kernel.bestVariant()) {
    if (!(capacityBytes >= 0 && capacityBytes <= LARGEST_CAPACITY_BYTES)) {
      throw new InputError(`capacityBytes must be between 0 and ${LARGEST_CAPACITY_BYTES}, got ${capacityBytes}`);
    }
    if (!Kernel.runs(variant)) throw new InputError(`kernel variant "${variant}" does not run here`);
    this.variant = variant;
    const bytes = ALIGNMENT_BYTES + capacityBytes;
    if (variant === 'javascript') {
      this.buffer = new ArrayBuffer(Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES);
      this.functions = new JavaScriptKernel(this.buffer);
    } else {
      const pages = Math.ceil(bytes / PAGE_BYTES);
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
      this.buffer = memory.buffer;
      const instance = new WebAssembly.Instance(wasmModule(variant), { env: { memory } });
      this.functions = instance.exports as unknown as KernelFunctions;
    }
  }

  static bestVariant(): KernelVariant {
    return KERNEL_VARIANTS.find((variant) => Kernel.runs(variant))!;
  }

  /** Whether this machine and program can run a variant. */
  static runs(variant: KernelVariant): boolean {
    if (variant === 'javascript') return true;
    return typeof WebAssembly !== 'undefined' && WebAssembly.validate(wasmBytes(variant));
  }

  /** Bytes that `float32(length)` takes. */
  static bytesFor(length: number): number {
    return Math.ceil((4 * length) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }

  /** Takes zeroed memory for `length` numbers, for as long as the kernel lives. @throws InputError when the capacity is used up */
  float32(length: number): KernelArray {
    const address = this.end;
    this.end += Kernel.bytesFor(length);
    if (this.end > this.buffer.byteLength) {
      throw new InputError(`kernel memory of ${this.buffer.byteLength} bytes is too small for ${this.end} bytes`);
    }
    return { address, values: new Float32Array(this.buffer, address, length) };
  }

  /** As `float32`, for whole numbers. */
  uint32(values: readonly number[]): Address {
    const { address } = this.float32(values.length);
    new Uint32Array(this.buffer, address, values.length).set(values);
    return address;
  }
}

type WasmVariant = Exclude<KernelVariant, 'javascript'>;

const decoded = new Map<WasmVariant, Uint8Array<ArrayBuffer>>();
const compiled = new Map<WasmVariant, WebAssembly.Module>();

function wasmBytes(variant: WasmVariant): Uint8Array<ArrayBuffer> {
  let bytes = decoded.get(variant);
  if (bytes === undefined) {
    bytes = decodeBase64(variant === 'simd' ? simdBase64 : relaxedSimdBase64);
    decoded.set(variant, bytes);
  }
  return bytes;
}

function wasmModule(variant: WasmVariant): WebAssembly.Module {
  let module = compiled.get(variant);
  if (module === undefined) {
    module = new WebAssembly.Module(wasmBytes(variant));
    compiled.set(variant, module);
  }
  return module;
}
