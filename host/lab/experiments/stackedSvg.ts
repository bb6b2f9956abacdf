import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const TITLE_HEIGHT = 30;
const NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * Draws plots one below the other, without a browser.
 * @param panels options of `plot`, each with a height in pixels
 * @returns the text of an SVG file
 */
export function stackedSvg(
  title: string,
  width: number,
  panels: readonly (PlotOptions & { height: number })[],
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const sheet = document.createElementNS(NAMESPACE, 'svg');
  const heading = document.createElementNS(NAMESPACE, 'text');
  for (const [name, value] of Object.entries({
    x: 56,
    y: 20,
    'font-size': 13,
    'font-family': 'system-ui, sans-serif',
  })) {
    heading.setAttribute(name, String(value));
  }
  heading.textContent = title;
  sheet.append(heading);
  let top = TITLE_HEIGHT;
  for (const panel of panels) {
    const drawn = plot({ document, width, marginLeft: 56, marginBottom: 36, ...panel });
    drawn.setAttribute('y', String(top));
    sheet.append(drawn);
    top += panel.height;
  }
  const attributes = {
    xmlns: NAMESPACE,
    width,
    height: top,
    viewBox: `0 0 ${width} ${top}`,
    style: 'background: white',
  };
  for (const [name, value] of Object.entries(attributes)) sheet.setAttribute(name, String(value));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${shortNumbers(sheet.outerHTML)}\n`;
}

/** Rounds to 0.1 pixels: thousands of marks with 14 digits each would take half a megabyte. Labels have fewer digits. */
function shortNumbers(markup: string): string {
  return markup.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(1))));
}
