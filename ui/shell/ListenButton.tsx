import { useEffect } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useStream } from '../base/useStream.ts';
import { Icon } from '../controls/Icon.tsx';
import { usePanel } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';

/** Plays the mix in this browser, also if the session runs on another machine or has no output of its own. */
export function ListenButton({ state }: { readonly state: LiveState }) {
  const { listening, notices } = usePanel();
  const texts = useTexts().shell.listen;
  const phase = useStream(listening.phase$) ?? 'off';
  useEffect(() => {
    const problems = listening.problems$.subscribe((text) => notices.problem(text));
    return () => problems.unsubscribe();
  }, [listening, notices]);
  const isOn = phase !== 'off';
  const start = () => {
    listening.start(state.sampleRateHertz);
    if (state.backend !== 'file') notices.show(texts.wearHeadphones);
  };
  return (
    <button
      type="button"
      class="listen"
      data-phase={phase}
      aria-pressed={isOn}
      aria-label={texts.label}
      title={isOn ? texts.stop : texts.start}
      onClick={() => (isOn ? listening.stop() : start())}
    >
      <Icon name="speaker" />
      <span class="listen-text">{phase === 'connecting' ? texts.waiting : texts.label}</span>
    </button>
  );
}
