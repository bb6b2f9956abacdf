import { useEffect, useState } from 'preact/hooks';
import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { bytesText, clockText, millisecondsText, percentText } from '../base/numberText.ts';
import { chooseTheme, nextChoice, themeChoice$ } from '../base/theme.ts';
import { useStream } from '../base/useStream.ts';
import { Icon } from '../controls/Icon.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { counterFindings } from '../health/counterFindings.ts';
import type { LinkPhase } from '../link/HostLink.ts';
import { usePanel, useSend } from '../model/PanelContext.ts';
import { ListenButton } from './ListenButton.tsx';

const PHASE_LABELS = { starting: 'Starting', running: 'Live', waiting: 'Waiting', stopped: 'Stopped' } as const;
const OVERLOAD_LABELS = {
  none: null,
  'fewer-iterations': {
    short: 'reduced',
    long: 'This computer is too slow for these settings: using fewer iterations',
  },
  'fewer-templates': { short: 'reduced', long: 'This computer is too slow for these settings: using fewer templates' },
  bypass: { short: 'bypassed', long: 'This computer is too slow for these settings: playing the unprocessed input' },
} as const;
const THEME_ICONS = { system: 'auto', dark: 'moon', light: 'sun' } as const;

/** What the page shows: ways to begin, the live session, or a recording. */
export type PageView = 'start' | 'live' | 'recording';

const VIEWS = [
  { value: 'live', label: 'Live', hint: 'Separate the sound of the microphone' },
  { value: 'recording', label: 'Recording', hint: 'Separate the voices of a file' },
] as const;

interface TopBarProps {
  readonly state: LiveState;
  readonly link: LinkPhase;
  readonly view: PageView;
  readonly onView: (view: PageView) => void;
  readonly isSideOpen: boolean;
  readonly onSide: () => void;
}

/** Status at a glance: phase, devices, latency, load, dropouts, recording. */
export function TopBar({ state, link: linkPhase, view, onView, isSideOpen, onSide }: TopBarProps) {
  const { link, listening, telemetryHistory } = usePanel();
  const isLinked = linkPhase === 'open';
  const isListening = (useStream(listening.phase$) ?? 'off') === 'playing';
  const isDead =
    state.phase === 'running' && state.backend !== 'file' && telemetryHistory.isInputSilent(performance.now());
  const problem = state.problem ?? (isDead ? `No sound comes from ${state.inputName}` : null);
  const route = problem ?? routeText(state, isListening);
  const status = useStream(link.status$);
  const theme = useStream(themeChoice$) ?? 'system';
  return (
    <header class="top">
      <h1>
        <button type="button" class="brand brand-button" title="Start page" onClick={() => onView('start')}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path class="one" d="M4 16h6c5 0 5-7 11-7h7" />
            <path class="other" d="M4 16h6c5 0 5 7 11 7h7" />
          </svg>
          <span class="brand-text">Unmingle</span>
        </button>
      </h1>
      <Segmented<PageView> label="Page" value={view === 'start' ? null : view} choices={VIEWS} onChange={onView} />
      <div class="phase" data-phase={isLinked ? state.phase : 'stopped'} role="status">
        <span class="lamp" aria-hidden="true" />
        <strong>{isLinked ? PHASE_LABELS[state.phase] : 'Not connected'}</strong>
        <span class="route" data-problem={problem !== null} title={route}>
          {route}
        </span>
      </div>
      {view === 'start' ? null : <Figures status={isLinked ? status : null} />}
      <ListenButton state={state} />
      <RecordButton state={state} />
      <button
        type="button"
        class="tool"
        aria-label={`Theme: ${theme}`}
        title={`Theme: ${theme}`}
        onClick={() => chooseTheme(nextChoice(theme))}
      >
        <Icon name={THEME_ICONS[theme]} />
      </button>
      {view === 'start' ? null : (
        <button
          type="button"
          class="tool drawer-button"
          aria-label="Side panel"
          aria-expanded={isSideOpen}
          title="Side panel"
          onClick={onSide}
        >
          <Icon name="drawer" />
        </button>
      )}
    </header>
  );
}

function routeText({ inputName, outputName, sendName }: LiveState, isListening: boolean): string {
  const outputs = [outputName, sendName, isListening ? 'this browser' : null].filter((name) => name !== null);
  return `${inputName ?? 'no input'} → ${outputs.length === 0 ? 'not played' : outputs.join(', ')}`;
}

/** Status points of the last 30 s; older dropouts are not shown in red. */
const RECENT_POINTS = 60;

function Figures({ status }: { readonly status: LiveStatus | null }) {
  const { statusHistory, recentCounters } = usePanel();
  const recent = recentCounters.counts();
  const reasons = recent === null ? [] : counterFindings(recent);
  const dropouts = status === null ? 0 : status.counters.inputGaps + status.counters.outputGaps;
  const overload = OVERLOAD_LABELS[status?.overload ?? 'none'];
  const isHigh = (status?.load.p99 ?? 0) > 0.85 || overload !== null;
  return (
    <dl class="figures">
      <div title="From microphone to loudspeaker">
        <dt>Latency</dt>
        <dd>{status === null ? '–' : millisecondsText(status.latency.totalSeconds)}</dd>
      </div>
      <div
        data-alarm={isHigh}
        title={
          overload?.long ?? "Processing time per block, relative to the block's duration: median and 99th percentile"
        }
      >
        <dt>Load</dt>
        <dd class="wide">
          {status === null ? '–' : percentText(status.load.median)}
          <small>{status === null ? '' : (overload?.short ?? percentText(status.load.p99))}</small>
        </dd>
      </div>
      <div
        data-alarm={dropouts > 0 && statusHistory.hadProblemWithin(RECENT_POINTS)}
        title={
          reasons.length > 0
            ? reasons.join('\n')
            : 'Gaps in the input or output since the start: none in the last minute'
        }
      >
        <dt>Dropouts</dt>
        <dd class="narrow">{dropouts}</dd>
      </div>
    </dl>
  );
}

/** Starts and stops a recording, and shows its length and size as reported by the host. */
function RecordButton({ state: { recording, endedRecording } }: { readonly state: LiveState }) {
  const send = useSend();
  const { notices } = usePanel();
  const [folder, setFolder] = useState<string | null>(null);
  useEffect(() => {
    if (recording !== null) setFolder(recording.folder);
    else if (folder !== null) {
      setFolder(null);
      if (endedRecording?.folder !== folder) return;
      const { seconds, reason } = endedRecording;
      if (reason === null) notices.show(`Recorded ${clockText(seconds)} to ${folder}`);
      else
        notices.problem(`The recording broke off after ${clockText(seconds)}: ${reason}. What it has is in ${folder}`);
    }
  }, [recording, endedRecording, folder, notices]);
  const isOn = recording !== null;
  return (
    <button
      type="button"
      class="record"
      aria-pressed={isOn}
      aria-label={isOn ? 'Stop recording' : 'Record'}
      title={isOn ? `Recording to ${recording.folder}` : 'Record mixture, speakers and rest to separate WAV files'}
      onClick={() => send({ type: isOn ? 'stopRecording' : 'startRecording' })}
    >
      <Icon name={isOn ? 'stop' : 'record'} />
      <span class="record-text">
        {isOn ? `${clockText(recording.seconds)}  ${bytesText(recording.bytes)}` : 'Record'}
      </span>
    </button>
  );
}
