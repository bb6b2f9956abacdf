import type { Samples } from '../core/units.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { Stft } from '../stft/Stft.ts';

/**
 * Runs an STFT over a whole signal: every frame whose window is centred within it, starting at sample 0.
 * @param visit called with the centre of the window in samples and the spectrum, [2 * bins] interleaved, valid until it returns
 */
export function visitFrames(
  signal: Float32Array,
  window: Float32Array,
  hopSamples: Samples,
  visit: (centreSamples: number, spectrum: Float32Array) => void,
): void {
  const stft = new Stft(new Kernel(Stft.requiredBytes(window.length)), window, hopSamples);
  const half = window.length / 2;
  // A frame is centred half a window before its end; the first hop is shortened so that one centre falls on sample 0.
  const silence = new Float32Array(window.length);
  let pushed = hopSamples - (half % hopSamples || hopSamples);
  stft.push(silence, 0, pushed);
  const start = pushed;
  for (;;) {
    const wanted = stft.samplesUntilFrame;
    for (let rest = wanted; rest > 0; ) {
      const position = pushed - start;
      const available = Math.max(0, signal.length - position);
      const count = Math.min(rest, available > 0 ? available : silence.length);
      if (available > 0) stft.push(signal, position, count);
      else stft.push(silence, 0, count);
      pushed += count;
      rest -= count;
    }
    const centre = pushed - start - half;
    if (centre > signal.length) return;
    if (centre >= 0) {
      stft.transform();
      visit(centre, stft.spectrum);
    } else {
      stft.skip();
    }
  }
}
