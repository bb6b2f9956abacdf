/**
 * Separates a whole signal, and cuts the latency off the outputs.
 * @param separator a new one
 * @param {Float32Array} signal
 * @param {{ speakers: number, hasRest?: boolean }} wanted number of speakers of the separator, and whether the rest is an output, too
 * @returns {Float32Array[]} [speakers, then the rest][samples of the signal]
 */
export function alignedOutputs(separator, signal, { speakers, hasRest = false }) {
  const { latencySamples } = separator;
  const input = new Float32Array(signal.length + latencySamples);
  input.set(signal);
  const outputs = Array.from({ length: speakers + (hasRest ? 1 : 0) }, () => new Float32Array(input.length));
  separator.process(input, { speakers: outputs.slice(0, speakers), ...(hasRest ? { rest: outputs[speakers] } : {}) });
  return outputs.map((output) => output.subarray(latencySamples));
}
