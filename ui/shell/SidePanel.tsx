import { useEffect, useRef } from 'preact/hooks';
import type { EnrolmentState, LiveState } from '../../host/protocol/LiveState.ts';
import { useRemembered } from '../base/useRemembered.ts';
import { EnrolTab } from '../enrol/EnrolTab.tsx';
import { HealthTab } from '../health/HealthTab.tsx';
import { MidiTab } from '../settings/MidiTab.tsx';
import { SnapshotsTab } from '../settings/SnapshotsTab.tsx';
import { SoundTab } from '../settings/SoundTab.tsx';
import { TakesTab } from '../takes/TakesTab.tsx';
import { useTexts } from '../texts/useTexts.ts';
import { VoicesTab } from '../voices/VoicesTab.tsx';

const TABS = ['voices', 'enrol', 'sound', 'health', 'takes', 'snapshots', 'midi'] as const;
type Tab = (typeof TABS)[number];

interface SidePanelProps {
  readonly state: LiveState;
  /** Whether the focus moves here when it opens. */
  readonly isFocused: boolean;
}

/** Tabs beside the mixer and the visualizer. */
export function SidePanel({ state, isFocused }: SidePanelProps) {
  const texts = useTexts().shell;
  const [tab, setTab] = useRemembered<Tab>('tab', 'voices', TABS);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isFocused) list.current!.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }, []);
  const press = (event: KeyboardEvent) => {
    const at = TABS.indexOf(tab);
    const last = TABS.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    const nextTab = next === undefined ? undefined : TABS[next];
    if (next === undefined || nextTab === undefined) return;
    event.preventDefault();
    setTab(nextTab);
    (list.current!.children[next] as HTMLElement).focus();
  };
  return (
    <aside class="side" aria-label={texts.sidePanel}>
      <div ref={list} class="tabs" role="tablist" aria-label={texts.sidePanel} onKeyDown={press}>
        {TABS.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`tab-${each}`}
            aria-selected={each === tab}
            aria-controls="tab-panel"
            tabIndex={each === tab ? 0 : -1}
            onClick={() => setTab(each)}
          >
            {texts.tabs[each]}
            {each === 'enrol' && isUnderWay(state.enrolment) ? (
              <span class="dot" title={texts.enrolmentInProgress} />
            ) : null}
          </button>
        ))}
      </div>
      <div
        class="tab-panel"
        id="tab-panel"
        role="tabpanel"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll it, also where it holds no control
        tabIndex={0}
        aria-labelledby={`tab-${tab}`}
      >
        {tab === 'voices' ? <VoicesTab state={state} /> : null}
        {tab === 'enrol' ? <EnrolTab state={state} /> : null}
        {tab === 'sound' ? <SoundTab state={state} /> : null}
        {tab === 'health' ? <HealthTab state={state} /> : null}
        {tab === 'takes' ? <TakesTab state={state} /> : null}
        {tab === 'snapshots' ? <SnapshotsTab state={state} /> : null}
        {tab === 'midi' ? <MidiTab state={state} /> : null}
      </div>
    </aside>
  );
}

function isUnderWay(enrolment: EnrolmentState | null): boolean {
  return enrolment !== null && enrolment.phase !== 'done';
}
