import { useEffect, useState } from 'preact/hooks';
import type { LiveState, LiveStatus } from '../../host/protocol/LiveState.ts';
import { bytesText, clockText, millisecondsText, percentText } from '../base/numberText.ts';
import { chooseTheme, nextChoice, themeChoice$ } from '../base/theme.ts';
import { useStream } from '../base/useStream.ts';
import { Icon } from '../controls/Icon.tsx';
import { usePanel, useSend } from '../model/PanelContext.ts';

const PHASE_WORDS = { starting: 'Starting', running: 'Live', waiting: 'Waiting', stopped: 'Stopped' } as const;
const OVERLOAD_WORDS = {
  none: null,
  'fewer-iterations': { short: 'reduced', long: 'The machine is too slow for this setting: fewer iterations' },
  'fewer-templates': { short: 'reduced', long: 'The machine is too slow for this setting: fewer templates' },
  bypass: { short: 'bypassed', long: 'The machine is too slow for this setting: the input is heard as it is' },
} as const;
const THEME_ICONS = { system: 'auto', dark: 'moon', light: 'sun' } as const;

interface TopBarProps {
  readonly state: LiveState;
  readonly isSideOpen: boolean;
  readonly onSide: () => void;
}

/** What one must see at a glance: is it live, how late, how loaded, is it recording. */
export function TopBar({ state, isSideOpen, onSide }: TopBarProps) {
  const { link } = usePanel();
  const status = useStream(link.status$);
  const theme = useStream(themeChoice$) ?? 'system';
  return (
    <header class="top">
      <div class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path class="one" d="M4 16h6c5 0 5-7 11-7h7" />
          <path class="other" d="M4 16h6c5 0 5 7 11 7h7" />
        </svg>
        <h1>Unmingle</h1>
      </div>
      <div class="phase" data-phase={state.phase} role="status">
        <span class="lamp" aria-hidden="true" />
        <strong>{PHASE_WORDS[state.phase]}</strong>
        <span class="route" data-problem={state.problem !== null} title={state.problem ?? routeText(state)}>
          {state.problem ?? routeText(state)}
        </span>
      </div>
      <Figures status={status} />
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
    </header>
  );
}

function routeText({ inputName, outputName, sendName }: LiveState): string {
  const outputs = [outputName, sendName].filter((name) => name !== null);
  return `${inputName ?? 'no input'} → ${outputs.length === 0 ? 'no output' : outputs.join(', ')}`;
}

/** Half a minute: what is red calls for a look now, not for what was hours ago. */
const RECENT_POINTS = 60;

function Figures({ status }: { readonly status: LiveStatus | null }) {
  const { past } = usePanel();
  const dropouts = status === null ? 0 : status.counters.inputGaps + status.counters.outputGaps;
  const overload = OVERLOAD_WORDS[status?.overload ?? 'none'];
  const isHigh = (status?.load.p99 ?? 0) > 0.85 || overload !== null;
  return (
    <dl class="figures">
      <div title="From the microphone to the loudspeaker">
        <dt>Latency</dt>
        <dd>{status === null ? '–' : millisecondsText(status.latency.totalSeconds)}</dd>
      </div>
      <div
        data-alarm={isHigh}
        title={overload?.long ?? 'Time for a block, as a share of its duration: median and 99th percentile'}
      >
        <dt>Load</dt>
        <dd class="wide">
          {status === null ? '–' : percentText(status.load.median)}
          <small>{status === null ? '' : (overload?.short ?? percentText(status.load.p99))}</small>
        </dd>
      </div>
      <div
        data-alarm={dropouts > 0 && past.hasTroubleSince(RECENT_POINTS)}
        title="Times that sound was missing, in or out, since the start; red: within the last half minute"
      >
        <dt>Dropouts</dt>
        <dd class="narrow">{dropouts}</dd>
      </div>
    </dl>
  );
}

/** The host tells the length now and then; the clock between runs on here. */
function RecordButton({ state: { recording } }: { readonly state: LiveState }) {
  const send = useSend();
  const { notices } = usePanel();
  const [folder, setFolder] = useState<string | null>(null);
  useEffect(() => {
    if (recording !== null) setFolder(recording.folder);
    else if (folder !== null) {
      notices.tell(`Recorded to ${folder}`);
      setFolder(null);
    }
  }, [recording, folder, notices]);
  const isOn = recording !== null;
  return (
    <button
      type="button"
      class="record"
      aria-pressed={isOn}
      aria-label={isOn ? 'Stop recording' : 'Record'}
      title={isOn ? `Recording to ${recording.folder}` : 'Record mixture, speakers and rest, each to a WAV file'}
      onClick={() => send({ type: isOn ? 'stopRecording' : 'startRecording' })}
    >
      <Icon name={isOn ? 'stop' : 'record'} />
      <span class="record-text">
        {isOn ? `${clockText(recording.seconds)}  ${bytesText(recording.bytes)}` : 'Record'}
      </span>
    </button>
  );
}
