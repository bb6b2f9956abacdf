import { amplitudeToDecibels, powerToDecibels, type Seconds } from '../core/units.ts';
import type { SeparationView } from '../separator/SeparationView.ts';
import { LevelMeter } from './LevelMeter.ts';
import {
  bandEdgesHertz,
  levelByte,
  type SignalLevel,
  SPECTRUM_BANDS,
  telemetryBytes,
  writeTelemetryFrame,
} from './telemetryFrame.ts';

/** Telemetry frames per second: the rate of the panel's animation. */
export const FRAMES_PER_SECOND = 60;
/** Activation that is shown at full brightness; loud speech reaches it. */
const FULL_ACTIVATION = 0.1;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type EncodedSpeaker = Mutable<SignalLevel> & {
  activity: number;
  readonly spectrum: Uint8Array;
  readonly activations: Uint8Array;
};

const silence = (): Mutable<SignalLevel> => ({
  peakDecibels: Number.NEGATIVE_INFINITY,
  rmsDecibels: Number.NEGATIVE_INFINITY,
});

/**
 * Encodes a separator's latest STFT frame, and the levels since the previous telemetry frame, as a telemetry frame.
 * @thread audio. Allocates when the speaker set has changed, otherwise nothing.
 */
export class TelemetryEncoder {
  readonly input = new LevelMeter();
  readonly output = new LevelMeter();
  readonly rest = new LevelMeter();
  /** [capacity] */
  readonly speakers: readonly LevelMeter[];
  /** The encoded frame; overwritten by the next `encode`. */
  bytes = new Uint8Array(0);

  private dataView = new DataView(new ArrayBuffer(0));
  private view: SeparationView | null = null;
  /** [SPECTRUM_BANDS + 1] first bin of each band, then the end of the last. */
  private firstBins = new Int32Array(0);
  private powerScale = 1;
  private frame = {
    seconds: 0,
    sampleRateHertz: 0,
    input: silence(),
    output: silence(),
    rest: silence(),
    speakers: [] as EncodedSpeaker[],
    spectrum: new Uint8Array(SPECTRUM_BANDS),
    restSpectrum: new Uint8Array(SPECTRUM_BANDS),
  };

  /** @param capacity largest number of speakers */
  constructor(capacity: number) {
    this.speakers = Array.from({ length: capacity }, () => new LevelMeter());
  }

  /**
   * @param seconds duration of the sound processed so far
   * @param isSuspended the separator is suspended, so that its latest STFT frame is old: spectra and activations are sent as zeros
   * @returns length of the frame in `bytes`
   */
  encode(view: SeparationView, seconds: Seconds, isSuspended = false): number {
    if (view !== this.view) this.prepare(view);
    const { frame } = this;
    frame.seconds = seconds;
    encodeLevel(this.input, frame.input);
    encodeLevel(this.output, frame.output);
    encodeLevel(this.rest, frame.rest);
    for (let s = 0; s < frame.speakers.length; s++) {
      encodeLevel(this.speakers[s]!, frame.speakers[s]!);
      frame.speakers[s]!.activity = isSuspended ? 0 : view.probabilities[s]!;
      if (!isSuspended) this.encodeActivations(view, s);
    }
    if (isSuspended) this.clearSpectra();
    else this.encodeSpectra(view);
    return writeTelemetryFrame(frame, this.bytes, this.dataView);
  }

  private prepare(view: SeparationView): void {
    const { plan, speakers } = view.speakerSet;
    const { sampleRateHertz, windowSamples, windows } = plan;
    const binHertz = sampleRateHertz / windowSamples;
    const bins = windowSamples / 2 + 1;
    this.view = view;
    this.firstBins = Int32Array.from(bandEdgesHertz(sampleRateHertz), (hertz) =>
      Math.min(bins - 1, Math.round(hertz / binHertz)),
    );
    // Scaled to 0 dB for a full-scale sine, whose bin has half the window's sum.
    this.powerScale = (2 / windows.analysis.reduce((sum, value) => sum + value, 0)) ** 2;
    const templates = speakers.map((speaker) => speaker.coreTemplates ?? speaker.templates);
    this.frame = {
      ...this.frame,
      sampleRateHertz,
      speakers: templates.map((count) => ({
        ...silence(),
        activity: 0,
        spectrum: new Uint8Array(SPECTRUM_BANDS),
        activations: new Uint8Array(count),
      })),
    };
    this.bytes = new Uint8Array(telemetryBytes(templates));
    this.dataView = new DataView(this.bytes.buffer);
  }

  private clearSpectra(): void {
    const { spectrum, restSpectrum, speakers } = this.frame;
    spectrum.fill(0);
    restSpectrum.fill(0);
    for (let s = 0; s < speakers.length; s++) {
      speakers[s]!.spectrum.fill(0);
      speakers[s]!.activations.fill(0);
    }
  }

  /** Encodes the loudest bin of each band, so that harmonics stay visible where bands are wide. */
  private encodeSpectra({ spectrum, gains, restGains }: SeparationView): void {
    const { frame, firstBins, powerScale } = this;
    for (let band = 0; band < SPECTRUM_BANDS; band++) {
      const first = firstBins[band]!;
      const end = Math.max(first + 1, firstBins[band + 1]!);
      let loudest = first;
      let power = -1;
      for (let bin = first; bin < end; bin++) {
        const each = spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
        if (each > power) {
          power = each;
          loudest = bin;
        }
      }
      const decibels = powerToDecibels(power * powerScale);
      frame.spectrum[band] = levelByte(decibels);
      frame.restSpectrum[band] = levelByte(decibels + amplitudeToDecibels(restGains[loudest]!));
      for (let s = 0; s < frame.speakers.length; s++) {
        frame.speakers[s]!.spectrum[band] = levelByte(decibels + amplitudeToDecibels(gains[s]![loudest]!));
      }
    }
  }

  private encodeActivations({ activations, firstTemplates, speakerSet }: SeparationView, speaker: number): void {
    const encoded = this.frame.speakers[speaker]!.activations;
    const { templates } = speakerSet.speakers[speaker]!;
    const first = firstTemplates[speaker]!;
    for (let k = 0; k < encoded.length; k++) {
      let sum = 0;
      for (let copy = k; copy < templates; copy += encoded.length) sum += activations[first + copy]!;
      encoded[k] = Math.min(255, Math.round(255 * Math.sqrt(Math.sqrt(sum / FULL_ACTIVATION))));
    }
  }
}

function encodeLevel(meter: LevelMeter, level: Mutable<SignalLevel>): void {
  level.peakDecibels = amplitudeToDecibels(meter.peakAmplitude);
  level.rmsDecibels = amplitudeToDecibels(meter.rmsAmplitude);
  meter.reset();
}
