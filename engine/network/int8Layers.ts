import { decodeBase64 } from '../core/base64.ts';
import type { TemplateShape } from '../kernel/PackedTemplates.ts';

/** Size of a dense layer. */
export interface LayerShape {
  readonly inputs: number;
  readonly outputs: number;
}

/** @returns shape of a layer as a matrix for the kernel; its last row, the biases, is multiplied by 1 */
export function layerMatrixShape({ inputs, outputs }: LayerShape): TemplateShape {
  return { templates: inputs + 1, bins: outputs };
}

/**
 * Decodes the layers of a trained network.
 * @param text base64 of each layer in order: [outputs] scales and [outputs] biases in float32, then [inputs x outputs] weights in int8;
 * little-endian
 * @returns each layer as a matrix for the kernel: [inputs + 1 x outputs] row-major, the last row holds the biases
 */
export function decodeLayers<Name extends string>(
  text: string,
  shapes: Readonly<Record<Name, LayerShape>>,
): Record<Name, Float32Array> {
  const bytes = decodeBase64(text);
  const view = new DataView(bytes.buffer);
  let position = 0;
  const nextFloat = (): number => {
    position += Float32Array.BYTES_PER_ELEMENT;
    return view.getFloat32(position - Float32Array.BYTES_PER_ELEMENT, true);
  };
  const layers = Object.entries<LayerShape>(shapes).map(([name, { inputs, outputs }]) => {
    const scales = Float32Array.from({ length: outputs }, nextFloat);
    const biases = Float32Array.from({ length: outputs }, nextFloat);
    const matrix = new Float32Array((inputs + 1) * outputs);
    for (let index = 0; index < inputs * outputs; index++)
      matrix[index] = view.getInt8(position++) * scales[index % outputs]!;
    matrix.set(biases, inputs * outputs);
    return [name, matrix];
  });
  return Object.fromEntries(layers) as Record<Name, Float32Array>;
}
