import { amplitudeToDecibels, decibelsToAmplitude } from '../../engine/core/units.ts';

const LOWEST_DECIBELS = -60;

/** Fader and post-fader meter of one voice or of the rest. */
export class Strip {
  readonly gain: GainNode;
  readonly row = document.createElement('div');
  private readonly analyser: AnalyserNode;
  private readonly meter: HTMLMeterElement;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(context: AudioContext, name: string) {
    this.gain = new GainNode(context);
    this.analyser = new AnalyserNode(context, { fftSize: 2048 });
    this.gain.connect(this.analyser).connect(context.destination);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.row.className = 'strip';
    const label = document.createElement('span');
    label.textContent = name;
    const fader = document.createElement('input');
    Object.assign(fader, { type: 'range', min: String(LOWEST_DECIBELS), max: '12', step: '0.5', value: '0' });
    fader.setAttribute('aria-label', `${name}, level`);
    const reading = document.createElement('span');
    reading.textContent = '0 dB';
    this.meter = document.createElement('meter');
    Object.assign(this.meter, { min: LOWEST_DECIBELS, max: 0, value: LOWEST_DECIBELS });
    this.meter.setAttribute('aria-label', `${name}, meter`);
    fader.addEventListener('input', () => {
      const decibels = Number(fader.value);
      const isOff = decibels <= LOWEST_DECIBELS;
      this.gain.gain.setTargetAtTime(isOff ? 0 : decibelsToAmplitude(decibels), context.currentTime, 0.01);
      reading.textContent = isOff ? 'off' : `${decibels} dB`;
    });
    this.row.append(label, fader, reading, this.meter);
  }

  /** Updates the meter. Call once per animation frame. */
  draw(): void {
    this.analyser.getFloatTimeDomainData(this.samples);
    let power = 0;
    for (const sample of this.samples) power += sample * sample;
    const decibels = amplitudeToDecibels(Math.sqrt(power / this.samples.length) + 1e-9);
    this.meter.value = Math.max(LOWEST_DECIBELS, decibels);
  }
}
