import { lineY, plot, rect, ruleY } from '@observablehq/plot';
import type { Seconds } from '../../../engine/core/units.ts';
import { standaloneSvg, svgDocument } from '../evaluation/plot.ts';
import type { ConversationResult } from './evaluateConversations.ts';

const WIDTH = 1100;
const LANE_HEIGHT = 90;
const MARGIN = { left: 60, right: 170, top: 60, bottom: 40 } as const;
/** Range of the levels drawn, dB re full scale: speech is around -26. */
const LEVELS = { lowest: -70, highest: -10 } as const;

/**
 * Draws one conversation: a lane for each track of each method, with the level of the track over time, and behind it when that voice
 * really speaks. What rises outside of the shaded times is leak.
 * @param results of one conversation, a method each
 * @returns a file of SVG
 */
export function conversationPlot(results: readonly ConversationResult[]): string {
  const lanes = results.flatMap((result) =>
    result.group
      .split('+')
      .map((speaker, index) => ({ ...laneOf(result, index), name: `${result.method}: ${speaker}` })),
  );
  const levels = lanes.flatMap(({ name, stepSeconds, levels: values }) =>
    values.map((decibels, step) => ({
      lane: name,
      seconds: step * stepSeconds,
      decibels: Math.min(LEVELS.highest, Math.max(LEVELS.lowest, decibels)),
    })),
  );
  const speech = lanes.flatMap(({ name, spoken }) => spoken.map((interval) => ({ lane: name, ...interval })));
  const document = svgDocument();
  const svg = plot({
    document,
    width: WIDTH,
    height: MARGIN.top + MARGIN.bottom + lanes.length * LANE_HEIGHT,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { label: 'seconds' },
    y: { label: 'dB re full scale', domain: [LEVELS.lowest, LEVELS.highest], ticks: 3, grid: true },
    fy: { label: null, domain: lanes.map(({ name }) => name) },
    marks: [
      rect(speech, {
        fy: 'lane',
        x1: 'start',
        x2: 'end',
        y1: LEVELS.lowest,
        y2: LEVELS.highest,
        fill: '#4e79a7',
        fillOpacity: 0.2,
      }),
      ruleY([LEVELS.lowest], { strokeOpacity: 0.4 }),
      lineY(levels, { fy: 'lane', x: 'seconds', y: 'decibels', stroke: '#222222', strokeWidth: 0.8 }),
    ],
  });
  const [first] = results;
  const title = `${first?.group ?? ''}, ${Math.round(100 * (first?.overlap ?? 0))} % overlap: level of each track; shaded where the voice speaks`;
  return standaloneSvg(document, svg, title, MARGIN.left);
}

interface Lane {
  readonly stepSeconds: Seconds;
  readonly levels: readonly number[];
  /** Intervals in which the voice speaks, in seconds. */
  readonly spoken: readonly { readonly start: Seconds; readonly end: Seconds }[];
}

function laneOf({ picture }: ConversationResult, speaker: number): Lane {
  const { stepSeconds, activity, trackLevels } = picture;
  const spoken: { start: Seconds; end: Seconds }[] = [];
  for (const [step, share] of (activity[speaker] ?? []).entries()) {
    if (share < 0.5) continue;
    const [start, end] = [step * stepSeconds, (step + 1) * stepSeconds];
    const last = spoken.at(-1);
    if (last !== undefined && start - last.end < stepSeconds / 2) last.end = end;
    else spoken.push({ start, end });
  }
  return { stepSeconds, levels: trackLevels[speaker] ?? [], spoken };
}
