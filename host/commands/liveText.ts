import type { Hertz, Seconds } from '../../engine/core/units.ts';
import type { LiveState, LiveStatus } from '../protocol/LiveState.ts';
import { voiceSearchText } from './liveVoices.ts';

const LISTEN = 'press Listen in the panel to hear it';
const CHOOSE_OUTPUT = 'nothing is played: choose where you hear it in the panel (Sound, Output), or with --output';

/** Lines printed when a live session has started. */
export function liveSummary(state: LiveState, readySeconds: Seconds): string[] {
  const { settings, backend, inputName, outputName, sendName, sampleRateHertz, windowSamples, hopSamples } = state;
  const lines = [
    `backend ${backend}: "${inputName}" to ${outputName === null ? 'no output' : `"${outputName}"`}${sendName === null ? '' : ` and "${sendName}"`}, ${rateText(sampleRateHertz)}`,
    settings.speakers.length === 0
      ? 'no voices are loaded: the input passes through unchanged'
      : `speakers: ${settings.speakers.map(({ preset }) => preset).join(', ')}`,
  ];
  if (outputName === null) lines.push(backend === 'file' ? LISTEN : CHOOSE_OUTPUT);
  if (sampleRateHertz !== null && windowSamples !== null && hopSamples !== null) {
    const milliseconds = (samples: number) => `${((samples / sampleRateHertz) * 1000).toFixed(1)} ms`;
    lines.push(`window ${milliseconds(windowSamples)}, hop ${milliseconds(hopSamples)}`);
  }
  if (state.recording !== null) lines.push(`recording to ${state.recording.folder}`);
  return [...lines, `ready after ${readySeconds.toFixed(1)} s; Ctrl-C stops`];
}

/** Total latency from microphone to loudspeaker, and its parts. */
export function latencyText({ latency }: LiveStatus): string {
  const milliseconds = (seconds: Seconds) => (seconds * 1000).toFixed(0);
  return `${milliseconds(latency.totalSeconds)} ms (algorithm ${milliseconds(latency.algorithmSeconds)}, buffers ${milliseconds(latency.buffersSeconds)}, devices ${milliseconds(latency.deviceSeconds)})`;
}

/** The status line, overwritten twice a second. A narrow terminal cuts its end, so what is unusual comes first. */
export function statusLine(state: LiveState, status: LiveStatus): string {
  if (state.phase !== 'running') return `${state.phase}: ${state.problem ?? ''}`;
  const { load, counters, overload } = status;
  const gaps = counters.inputGaps + counters.outputGaps;
  const parts = [];
  if (overload !== 'none') parts.push(`overload: ${overload}`);
  if (state.recording !== null) parts.push(`recorded ${state.recording.seconds.toFixed(0)} s`);
  const search = voiceSearchText(state);
  if (search !== null) parts.push(search);
  if (counters.clippedSamples > 0) parts.push(`clipped ${counters.clippedSamples}`);
  parts.push(`gaps ${gaps}`, `load ${percent(load.median)}, p99 ${percent(load.p99)}`, latencyText(status));
  return parts.join(' | ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function rateText(hertz: Hertz | null): string {
  return hertz === null ? '' : `${hertz / 1000} kHz`;
}
