import { boxY, dot, plot, ruleY } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** A value of a distribution. */
export interface PlotPoint {
  /** Panel, such as a score or a window. */
  readonly facet: string;
  /** Distribution within the panel, such as a method. */
  readonly series: string;
  readonly value: number;
}

export interface DistributionPlot {
  readonly title: string;
  readonly valueLabel: string;
  /** Panels from left to right. */
  readonly facets: readonly string[];
  /** Distributions from left to right in each panel, in the same colour in all panels. */
  readonly series: readonly string[];
  readonly points: readonly PlotPoint[];
}

const SERIES_WIDTH = 34;
const MARGIN = { left: 56, right: 12, top: 56, bottom: 74 } as const;
const HEIGHT = 380;
const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * Draws box plots side by side, as in Figure 5 of the paper: quartiles, whiskers to 1.5 times the interquartile range, and every value
 * as a point.
 * @returns the text of an SVG file, rendered without a browser; deterministic
 */
export function distributionSvg({ title, valueLabel, facets, series, points }: DistributionPlot): string {
  const document = svgDocument();
  const panelWidth = (series.length + 0.6) * SERIES_WIDTH;
  const channels = { fx: 'facet', x: 'series', y: 'value' } as const;
  const svg = plot({
    document,
    width: Math.round(MARGIN.left + MARGIN.right + Math.max(facets.length * panelWidth, 7 * title.length)),
    height: HEIGHT,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { domain: series, label: null, tickRotate: -40 },
    fx: { domain: facets, label: null, padding: 0.08 },
    y: { label: valueLabel, labelAnchor: 'center', grid: true, nice: true },
    color: { domain: series, scheme: 'tableau10' },
    marks: [
      ruleY([0], { strokeOpacity: 0.4 }),
      boxY(points, { ...channels, fill: 'series', fillOpacity: 0.35, r: 0 }),
      dot(points, { ...channels, fill: 'series', stroke: 'white', strokeWidth: 0.5, r: 2.5 }),
    ],
  });
  return standaloneSvg(document, svg, title, MARGIN.left);
}

/** @returns an empty document that Observable Plot draws into without a browser */
export function svgDocument(): Document {
  return parseHTML('<!doctype html><html><body></body></html>').document;
}

/** @returns the text of an SVG file: the drawing on white, under a title */
export function standaloneSvg(document: Document, svg: Element, title: string, titleX: number): string {
  svg.setAttribute('xmlns', SVG_NAMESPACE);
  svg.setAttribute('style', 'background: white');
  const heading = document.createElementNS(SVG_NAMESPACE, 'text');
  for (const [name, value] of Object.entries({ x: titleX, y: 20, 'text-anchor': 'start', 'font-size': 13 })) {
    heading.setAttribute(name, String(value));
  }
  heading.textContent = title;
  svg.append(heading);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.outerHTML}\n`;
}
