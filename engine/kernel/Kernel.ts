import { decodeBase64 } from '../core/base64.ts';
import { InputError } from '../core/errors.ts';
import { relaxedSimdBase64 } from './generated/relaxedSimd.ts';
import { simdBase64 } from './generated/simd.ts';
import { JavaScriptKernel } from './JavaScriptKernel.ts';
import type { Address, KernelFunctions } from './KernelFunctions.ts';

/** Builds of the kernel in order of speed, fastest first. */
export const KERNEL_VARIANTS = ['relaxed-simd', 'simd', 'javascript'] as const;
export type KernelVariant = (typeof KERNEL_VARIANTS)[number];

/** An array in a kernel's memory. */
export interface KernelArray {
  readonly address: Address;
  readonly values: Float32Array;
}

const PAGE_BYTES = 65_536;
/** One cache line, so that no 16-byte vector straddles two. */
const ALIGNMENT_BYTES = 64;
const LARGEST_CAPACITY_BYTES = 2 ** 31;

/**
 * A linear memory and the functions that operate on it. The memory never grows, so that views never detach: the caller passes the sum of
 * `requiredBytes` of all objects to be created in it. The same objects, created in the same order, have the same addresses in any
 * kernel, so the memory of one can be copied to another as an image.
 */
export class Kernel {
  readonly variant: KernelVariant;
  readonly functions: KernelFunctions;
  readonly capacityBytes: number;
  /** The whole memory, as 32-bit words. */
  readonly words: Int32Array<ArrayBuffer>;
  private readonly buffer: ArrayBuffer;
  private isImage = false;
  /** Next free address. Address 0 is never allocated: it means "none". */
  private end: Address = ALIGNMENT_BYTES;

  /**
   * @param capacityBytes sum of `requiredBytes` of the objects to be created, 0 to 2^31
   * @param variant default: the fastest one that runs here
   * @throws InputError for a capacity out of range or a variant that does not run here
   */
  constructor(capacityBytes: number, variant: KernelVariant = Kernel.bestVariant()) {
    if (!(capacityBytes >= 0 && capacityBytes <= LARGEST_CAPACITY_BYTES)) {
      throw new InputError(`capacityBytes must be between 0 and ${LARGEST_CAPACITY_BYTES}, got ${capacityBytes}`);
    }
    if (!Kernel.runs(variant)) throw new InputError(`kernel variant "${variant}" is not supported here`);
    this.variant = variant;
    this.capacityBytes = capacityBytes;
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
    this.words = new Int32Array(this.buffer);
  }

  /** The fastest variant that runs here. */
  static bestVariant(): KernelVariant {
    return KERNEL_VARIANTS.find((variant) => Kernel.runs(variant)) ?? 'javascript';
  }

  /** True if this machine and JavaScript engine can run the variant. */
  static runs(variant: KernelVariant): boolean {
    if (variant === 'javascript') return true;
    return typeof WebAssembly !== 'undefined' && WebAssembly.validate(wasmBytes(variant));
  }

  /** Bytes that `float32(length)` allocates. */
  static bytesFor(length: number): number {
    return Math.ceil((4 * length) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }

  /** Allocates a zeroed array of `length` elements, never freed. @throws InputError if the capacity is exhausted */
  float32(length: number): KernelArray {
    const address = this.end;
    this.end += Kernel.bytesFor(length);
    if (this.end > this.buffer.byteLength) {
      throw new InputError(
        `kernel memory of ${this.buffer.byteLength} bytes is too small: ${this.end} bytes are required`,
      );
    }
    return { address, values: new Float32Array(this.buffer, address, length) };
  }

  /**
   * Allocates an array with initial values.
   * @param fill writes them; not called if an image will be copied into this kernel, which contains them
   */
  filled(length: number, fill: (values: Float32Array) => void): KernelArray {
    const array = this.float32(length);
    if (!this.isImage) fill(array.values);
    return array;
  }

  /** Allocates an array of 32-bit unsigned integers; filled as `filled` does. */
  uint32(values: readonly number[]): Address {
    const { address } = this.float32(values.length);
    if (!this.isImage) new Uint32Array(this.buffer, address, values.length).set(values);
    return address;
  }

  /** Frees all arrays. The next ones get their values from an image: see `ImageCopy`. */
  prepareForImage(): void {
    this.end = ALIGNMENT_BYTES;
    this.isImage = true;
  }

  /** Frees all arrays, and zeroes their memory for the next ones. */
  clear(): void {
    this.words.fill(0, 0, this.end / Int32Array.BYTES_PER_ELEMENT);
    this.end = ALIGNMENT_BYTES;
    this.isImage = false;
  }

  /** @returns copy of the allocated part of the memory */
  image(): Int32Array<ArrayBuffer> {
    return this.words.slice(0, this.end / Int32Array.BYTES_PER_ELEMENT);
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
