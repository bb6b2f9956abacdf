import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { isTurnedOff } from '../base/singleKeys.ts';
import { useRemembered } from '../base/useRemembered.ts';
import { useStream } from '../base/useStream.ts';
import type { LinkPhase } from '../link/HostLink.ts';
import { MixerView } from '../mixer/MixerView.tsx';
import { usePanel } from '../model/PanelContext.ts';
import { RecordingInput } from '../recording/RecordingInput.tsx';
import { RecordingView } from '../recording/RecordingView.tsx';
import { useUpload } from '../recording/useUpload.ts';
import { beginWith, rememberTab, type StartChoice } from '../start/beginWith.ts';
import { StartView } from '../start/StartView.tsx';
import { useTexts } from '../texts/useTexts.ts';
import { Visualizer } from '../visualizer/Visualizer.tsx';
import { NoticeList } from './NoticeList.tsx';
import { PageDrop } from './PageDrop.tsx';
import { SidePanel } from './SidePanel.tsx';
import { type PageView, TopBar } from './TopBar.tsx';

/** Below this width the side panel takes room from the pictures and starts closed. */
const WIDE_PIXELS = 1180;

export function App() {
  const { link } = usePanel();
  const state = useStream(link.state$);
  const phase = useStream(link.phase$) ?? 'connecting';
  return state === null ? <LinkNotice phase={phase} isEmpty /> : <Shell state={state} phase={phase} />;
}

function Shell({ state, phase }: { readonly state: LiveState; readonly phase: LinkPhase }) {
  const { link, notices, listening } = usePanel();
  const [page, setPage] = useRemembered<PageView>('page', 'start', ['start', 'live', 'recording']);
  /** An empty session begins at the start page. */
  const [isAtStart, setAtStart] = useState(() => state.settings.speakers.length === 0 && state.openRecording === null);
  const view = isAtStart ? 'start' : page;
  const setView = (next: PageView) => {
    setAtStart(next === 'start');
    if (next !== 'start') setPage(next);
  };
  const [isSideOpen, setSideOpen] = useState(() => view === 'live' && innerWidth >= WIDE_PIXELS);
  /** Whether the user has opened the side panel, which then gets the focus. */
  const isSideAsked = useRef(false);
  const turnSide = (isOpen: boolean) => {
    isSideAsked.current = isOpen;
    setSideOpen(isOpen);
  };
  /** The recording view gets the width of the side panel, unless it is opened there. */
  const show = (next: PageView) => {
    if (next !== view) setSideOpen(next === 'live' && innerWidth >= WIDE_PIXELS);
    setView(next);
  };
  const picker = useRef<HTMLInputElement>(null);
  const begin = (choice: StartChoice) => {
    // The start page stays until a file is chosen.
    if (choice === 'recording' && state.openRecording === null) return picker.current?.click();
    const { view: next, tab, messages } = beginWith(choice, state);
    // In the handler of the click, or the browser would not play.
    if (choice === 'demo') listening.start(state.sampleRateHertz);
    for (const message of messages) link.send(message);
    if (tab !== null) rememberTab(tab);
    show(next);
    if (tab !== null) setSideOpen(true);
  };
  const uploading = useUpload(state?.openRecording ?? null, () => show('recording'));
  useEffect(() => {
    const refusals = link.refusals$.subscribe((reason) => notices.problem(reason));
    return () => refusals.unsubscribe();
  }, [link, notices]);
  useEffect(() => {
    // Read from the stream, not from the rendered state: a key pressed before the next render would toggle a stale value.
    let isBypassed: boolean | null = null;
    const states = link.state$.subscribe(({ settings }) => {
      isBypassed = settings.master.isBypassed;
    });
    const press = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
      if (isTyping || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isBypassed === null) return;
      if (event.key === 'b' && !isTurnedOff(event) && view === 'live')
        link.send({ type: 'setMaster', isBypassed: !isBypassed });
      else if (event.key === 'Escape' && innerWidth < WIDE_PIXELS) {
        setSideOpen(false);
        document.querySelector<HTMLElement>('.drawer-button')?.focus();
      }
    };
    addEventListener('keydown', press);
    return () => {
      removeEventListener('keydown', press);
      states.unsubscribe();
    };
  }, [link, view]);
  return (
    <div class="shell" data-side={isSideOpen ? 'open' : 'closed'} data-view={view}>
      {view === 'start' ? null : <SkipLinks view={view} isSideOpen={isSideOpen} />}
      <TopBar
        state={state}
        link={phase}
        view={view}
        onView={show}
        isSideOpen={isSideOpen}
        onSide={() => turnSide(!isSideOpen)}
      />
      {view === 'start' ? (
        <>
          <StartView state={state} onChoice={begin} />
          <RecordingInput picker={picker} onFiles={uploading.open} />
        </>
      ) : null}
      {view === 'start' ? null : (
        <main class="stage">
          {view === 'recording' ? (
            <RecordingView openRecording={state.openRecording} presets={state.presets} uploading={uploading} />
          ) : (
            <>
              <Visualizer state={state} />
              <MixerView state={state} />
            </>
          )}
        </main>
      )}
      {isSideOpen && view !== 'start' ? <SidePanel state={state} isFocused={isSideAsked.current} /> : null}
      <NoticeList notices={notices} />
      <PageDrop onFiles={uploading.open} />
      {phase === 'open' ? null : <LinkNotice phase={phase} isEmpty={false} />}
    </div>
  );
}

/** Shown when the tab key reaches them, before everything else. */
function SkipLinks({ view, isSideOpen }: { readonly view: PageView; readonly isSideOpen: boolean }) {
  const texts = useTexts().shell;
  return (
    <nav class="skip" aria-label={texts.skip}>
      <a href={view === 'live' ? '#mixer' : '#recording'}>{view === 'live' ? texts.toMixer : texts.toRecording}</a>
      {isSideOpen ? <a href="#tab-panel">{texts.toSidePanel}</a> : null}
    </nav>
  );
}

function LinkNotice({ phase, isEmpty }: { readonly phase: string; readonly isEmpty: boolean }) {
  const texts = useTexts().shell;
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 6000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={isEmpty ? 'link-notice empty-page' : 'link-notice'} role="alert">
      <span class="spinner" aria-hidden="true" />
      <strong>{phase === 'lost' ? texts.connectionLost : texts.connecting}</strong>
      {isLong ? <span>{texts.openPrintedAddress}</span> : null}
    </div>
  );
}
