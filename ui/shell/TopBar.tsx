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
import type { Texts } from '../texts/catalogue.ts';
import { useTexts } from '../texts/useTexts.ts';
import { BrandMark } from './BrandMark.tsx';
import { ListenButton } from './ListenButton.tsx';

const THEME_ICONS = { system: 'auto', dark: 'moon', light: 'sun' } as const;

/** What the page shows: ways to begin, the live session, or a recording. */
export type PageView = 'start' | 'live' | 'recording';

const VIEWS = ['live', 'recording'] as const;

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
  const texts = useTexts().shell;
  const isLinked = linkPhase === 'open';
  const isListening = (useStream(listening.phase$) ?? 'off') === 'playing';
  const isDead =
    state.phase === 'running' && state.backend !== 'file' && telemetryHistory.isInputSilent(performance.now());
  const problem = state.problem ?? (isDead ? texts.noSoundFrom(state.inputName ?? '') : null);
  const route = problem ?? routeText(state, isListening, texts);
  const status = useStream(link.status$);
  const theme = useStream(themeChoice$) ?? 'system';
  return (
    <header class="top">
      <h1>
        <button type="button" class="brand brand-button" title={texts.startPage} onClick={() => onView('start')}>
          <BrandMark />
        </button>
      </h1>
      <Segmented<PageView>
        label={texts.page}
        value={view === 'start' ? null : view}
        choices={VIEWS.map((value) => ({ value, ...texts.views[value] }))}
        onChange={onView}
      />
      <div class="phase" data-phase={isLinked ? state.phase : 'stopped'} role="status">
        <span class="lamp" aria-hidden="true" />
        <strong>{isLinked ? texts.phases[state.phase] : texts.notConnected}</strong>
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
        aria-label={texts.themes[theme]}
        title={texts.themes[theme]}
        onClick={() => chooseTheme(nextChoice(theme))}
      >
        <Icon name={THEME_ICONS[theme]} />
      </button>
      {view === 'start' ? null : (
        <button
          type="button"
          class="tool drawer-button"
          aria-label={texts.sidePanel}
          aria-expanded={isSideOpen}
          title={texts.sidePanel}
          onClick={onSide}
        >
          <Icon name="drawer" />
        </button>
      )}
    </header>
  );
}

function routeText(
  { inputName, outputName, sendName }: LiveState,
  isListening: boolean,
  texts: Texts['shell'],
): string {
  const outputs = [outputName, sendName, isListening ? texts.thisBrowser : null].filter((name) => name !== null);
  return `${inputName ?? texts.noInput} → ${outputs.length === 0 ? texts.notPlayed : outputs.join(', ')}`;
}

/** Status points of the last 30 s; older dropouts are not shown in red. */
const RECENT_POINTS = 60;

function Figures({ status }: { readonly status: LiveStatus | null }) {
  const { statusHistory, recentCounters } = usePanel();
  const texts = useTexts().shell.figures;
  const recent = recentCounters.counts();
  const reasons = recent === null ? [] : counterFindings(recent);
  const dropouts = status === null ? 0 : status.counters.inputGaps + status.counters.outputGaps;
  const overload = status === null ? null : overloadText(status.overload, texts);
  const isHigh = (status?.load.p99 ?? 0) > 0.85 || overload !== null;
  return (
    <dl class="figures">
      <div title={texts.latencyHint}>
        <dt>{texts.latency}</dt>
        <dd>{status === null ? '–' : millisecondsText(status.latency.totalSeconds)}</dd>
      </div>
      <div data-alarm={isHigh} title={overload?.long ?? texts.loadHint}>
        <dt>{texts.load}</dt>
        <dd class="wide">
          {status === null ? '–' : percentText(status.load.median)}
          <small>{status === null ? '' : (overload?.short ?? percentText(status.load.p99))}</small>
        </dd>
      </div>
      <div
        data-alarm={dropouts > 0 && statusHistory.hadProblemWithin(RECENT_POINTS)}
        title={reasons.length > 0 ? reasons.join('\n') : texts.noDropouts}
      >
        <dt>{texts.dropouts}</dt>
        <dd class="narrow">{dropouts}</dd>
      </div>
    </dl>
  );
}

/** What the load governor does, in short and as a sentence; null: nothing. */
function overloadText(overload: LiveStatus['overload'], texts: Texts['shell']['figures']) {
  switch (overload) {
    case 'none':
      return null;
    case 'fewer-iterations':
      return { short: texts.reduced, long: texts.fewerIterations };
    case 'fewer-templates':
      return { short: texts.reduced, long: texts.fewerTemplates };
    case 'bypass':
      return { short: texts.bypassed, long: texts.bypass };
  }
}

/** Starts and stops a recording, and shows its length and size as reported by the host. */
function RecordButton({ state: { recording, endedRecording } }: { readonly state: LiveState }) {
  const send = useSend();
  const { notices } = usePanel();
  const texts = useTexts().shell.record;
  const [folder, setFolder] = useState<string | null>(null);
  useEffect(() => {
    if (recording !== null) setFolder(recording.folder);
    else if (folder !== null) {
      setFolder(null);
      if (endedRecording?.folder !== folder) return;
      const { seconds, reason } = endedRecording;
      if (reason === null) notices.show(texts.done(clockText(seconds), folder));
      else notices.problem(texts.brokeOff(clockText(seconds), reason, folder));
    }
  }, [recording, endedRecording, folder, notices, texts]);
  const isOn = recording !== null;
  return (
    <button
      type="button"
      class="record"
      aria-pressed={isOn}
      aria-label={isOn ? texts.stop : texts.start}
      title={isOn ? texts.stopHint(recording.folder) : texts.startHint}
      onClick={() => send({ type: isOn ? 'stopRecording' : 'startRecording' })}
    >
      <Icon name={isOn ? 'stop' : 'record'} />
      <span class="record-text">
        {isOn ? `${clockText(recording.seconds)}  ${bytesText(recording.bytes)}` : texts.start}
      </span>
    </button>
  );
}
