import type { Theme } from '../base/theme.ts';
import type { SampledTemplates } from '../model/TemplateCurves.ts';
import { heightOf, ticksHertz } from './frequencyScale.ts';

const RANGE_DECIBELS = { minimum: -50, maximum: 30 } as const;
const INK: Readonly<Record<Theme, { line: string; text: string }>> = {
  dark: { line: 'rgba(255,255,255,0.09)', text: '#98a1ab' },
  light: { line: 'rgba(0,0,0,0.1)', text: '#5d646c' },
};
/** Up to this number of bins, each sample of the chosen template is also marked by a dot. */
const MOST_DOTS = 300;
/** Space for frequency labels below the curves. */
const BOTTOM_PIXELS = 18;

/** Draws all templates over logarithmic frequency, the chosen one highlighted. */
export function drawTemplates(
  canvas: HTMLCanvasElement,
  sampled: SampledTemplates | null,
  chosen: number,
  colour: string,
  theme: Theme,
): void {
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  if (sampled === null || width === 0) return;
  const { frequenciesHertz, decibels, templates } = sampled;
  const bins = frequenciesHertz.length;
  const top = frequenciesHertz.at(-1);
  if (top === undefined) return;
  const x = (hertz: number) => heightOf(hertz, 'log', top) * width;
  const { minimum, maximum } = RANGE_DECIBELS;
  const y = (level: number) => ((maximum - level) / (maximum - minimum)) * (height - BOTTOM_PIXELS);
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = INK[theme].text;
  context.strokeStyle = INK[theme].line;
  context.lineWidth = 1;
  context.beginPath();
  for (const hertz of ticksHertz('log', top)) {
    context.moveTo(x(hertz), 0);
    context.lineTo(x(hertz), height - BOTTOM_PIXELS);
    context.fillText(hertz < 1000 ? `${hertz}` : `${hertz / 1000}k`, x(hertz) - 8, height - 5);
  }
  for (let level = minimum + 10; level < maximum; level += 20) {
    context.moveTo(0, y(level));
    context.lineTo(width, y(level));
    context.fillText(`${level} dB`.replace('-', '−'), 6, y(level) - 4);
  }
  context.stroke();
  const trace = (template: number) => {
    context.beginPath();
    for (let bin = 1; bin < bins; bin++) context.lineTo(x(frequenciesHertz[bin]!), y(decibels[template * bins + bin]!));
    context.stroke();
  };
  context.strokeStyle = colour;
  context.lineJoin = 'round';
  context.globalAlpha = 0.16;
  for (let template = 0; template < templates; template++) if (template !== chosen) trace(template);
  context.globalAlpha = 1;
  context.lineWidth = 2;
  trace(chosen);
  if (bins > MOST_DOTS) return;
  context.fillStyle = theme === 'dark' ? '#ffffff' : '#16181c';
  for (let bin = 1; bin < bins; bin++) {
    context.beginPath();
    context.arc(x(frequenciesHertz[bin]!), y(decibels[chosen * bins + bin]!), 2.2, 0, 2 * Math.PI);
    context.fill();
  }
}
