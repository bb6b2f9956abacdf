import { useEffect } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useStream } from '../base/useStream.ts';
import { Icon } from '../controls/Icon.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import type { Learning, MidiControl } from '../midi/MidiControl.ts';
import type { MidiStatus } from '../midi/MidiInputs.ts';
import { controlLabel } from '../midi/midiMessage.ts';
import { targetLabel } from '../midi/midiTargets.ts';
import { usePanel } from '../model/PanelContext.ts';
import type { Texts } from '../texts/catalogue.ts';
import { useTexts } from '../texts/useTexts.ts';

/** MIDI connection, MIDI learn and the list of mappings. */
export function MidiTab({ state }: { readonly state: LiveState }) {
  const { midi } = usePanel();
  const texts = useTexts().midi;
  const status = useStream(midi.inputs.status$);
  const learning = useStream(midi.learning$);
  useLearningClicks(midi, learning);
  useEffect(() => () => midi.endLearning(), [midi]);
  if (status === null) return null;
  return (
    <div class="midi">
      <h2>{texts.name}</h2>
      <p class={status.problem === null ? 'dim' : 'problem-text'} role="status">
        {statusText(status, texts)}
      </p>
      <div class="buttons">
        <button type="button" class="button" onClick={() => (status.phase === 'off' ? midi.start() : midi.stop())}>
          {texts.buttons[status.phase]}
        </button>
        {status.phase === 'on' ? (
          <Toggle
            label={texts.learn}
            title={texts.learnHint}
            isOn={learning !== null}
            onChange={(isLearning) => (isLearning ? midi.learn(null) : midi.endLearning())}
          >
            {texts.learn}
          </Toggle>
        ) : null}
      </div>
      {learning === null ? null : (
        <p class="learn-prompt" role="status">
          {promptText(learning, state, texts)}
        </p>
      )}
      <Mappings state={state} />
    </div>
  );
}

function Mappings({ state }: { readonly state: LiveState }) {
  const { midi } = usePanel();
  const texts = useTexts().midi;
  const mappings = useStream(midi.map.mappings$) ?? [];
  const waiting = useStream(midi.waiting$);
  return (
    <section aria-label={texts.mappings}>
      <h2>
        {texts.mappings}
        {mappings.length === 0 ? null : (
          <button type="button" class="button" onClick={() => midi.map.forgetAll()}>
            {texts.forgetAll}
          </button>
        )}
      </h2>
      <ul aria-label={texts.mappingList}>
        {mappings.map(({ control, target }) => (
          <li key={target} class="mapping">
            <span class="mapping-target" title={targetLabel(target, state.settings)}>
              {targetLabel(target, state.settings)}
            </span>
            <span class="mapping-control" title={controlLabel(control)}>
              {waiting?.target === target ? texts.turn[waiting.direction] : controlLabel(control)}
            </span>
            <button
              type="button"
              class="tool"
              aria-label={texts.forgetTarget(targetLabel(target, state.settings))}
              title={texts.forget}
              onClick={() => midi.map.forget(target)}
            >
              <Icon name="bin" />
            </button>
          </li>
        ))}
      </ul>
      {mappings.length === 0 ? <p class="empty">{texts.noMappings}</p> : null}
      <p class="dim">{texts.about}</p>
    </section>
  );
}

function statusText({ phase, problem, inputs }: MidiStatus, { status }: Texts['midi']): string {
  if (problem !== null) return problem;
  if (phase !== 'on') return status[phase];
  return inputs.length === 0 ? status.noController : inputs.join(', ');
}

function promptText({ target }: Learning, { settings }: LiveState, texts: Texts['midi']): string {
  return target === null ? texts.chooseTarget : texts.moveControl(targetLabel(target, settings));
}

const CHOOSING_EVENTS = ['pointerdown', 'click', 'dblclick', 'keydown'] as const;

/** During MIDI learn, highlights all targets; a click, Enter or the space bar chooses a target instead of operating it. */
function useLearningClicks(midi: MidiControl, learning: Learning | null): void {
  const isLearning = learning !== null;
  const chosen = learning?.target ?? null;
  useEffect(() => {
    if (!isLearning) return;
    const choose = (event: Event) => {
      const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-midi]') : null;
      if (event instanceof KeyboardEvent) {
        if (event.key === 'Escape') midi.endLearning();
        if (event.key !== 'Escape' && (element === null || (event.key !== 'Enter' && event.key !== ' '))) return;
      } else if (element === null) return;
      event.preventDefault();
      event.stopPropagation();
      if (element?.dataset.midi !== undefined && midi.learning$.value !== null) midi.learn(element.dataset.midi);
    };
    for (const name of CHOOSING_EVENTS) document.addEventListener(name, choose, { capture: true });
    document.documentElement.dataset.learning = 'yes';
    return () => {
      for (const name of CHOOSING_EVENTS) document.removeEventListener(name, choose, { capture: true });
      delete document.documentElement.dataset.learning;
    };
  }, [midi, isLearning]);
  useEffect(() => {
    const element = document.querySelector<HTMLElement>(`[data-midi="${chosen}"]`);
    element?.setAttribute('data-chosen', 'yes');
    return () => element?.removeAttribute('data-chosen');
  }, [chosen]);
}
