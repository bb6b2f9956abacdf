import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { distributionSvg } from '../../../../host/lab/evaluation/plot.ts';

const facets = ['SDR', 'SIR'];
const series = ['innmf', 'nmf'];
const points = facets.flatMap((facet) =>
  series.flatMap((name) => [1, 2, 3, 4, 5].map((value) => ({ facet, series: name, value: value * name.length }))),
);
const svg = distributionSvg({ title: 'two & two', valueLabel: 'dB', facets, series, points });

test('a plot is an SVG file with every panel, distribution and point', () => {
  expect(svg).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  const { document } = parseHTML(svg);
  expect(document.querySelectorAll('circle').length).toBe(points.length);
  const texts = [...document.querySelectorAll('text')].map((text) => text.textContent);
  expect(texts).toEqual(expect.arrayContaining([...facets, ...series]));
  expect(svg).toContain('two &amp; two');
  expect(svg).not.toMatch(/NaN|undefined/);
});

test('a plot is deterministic', () => {
  expect(distributionSvg({ title: 'two & two', valueLabel: 'dB', facets, series, points })).toBe(svg);
});
