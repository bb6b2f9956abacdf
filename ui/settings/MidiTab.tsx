import { useEffect } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useStream } from '../base/useStream.ts';
import { Icon } from '../controls/Icon.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import type { Learning, MidiControl } from '../midi/MidiControl.ts';
import type { MidiStatus } from '../midi/MidiInputs.ts';
import { findTarget } from '../midi/midiTargets.ts';
import { usePanel } from '../model/PanelContext.ts';

const BUTTON_LABELS = { off: 'Connect', asking: 'Cancel', elsewhere: 'Disconnect', on: 'Disconnect' } as const;

/** MIDI connection, MIDI learn and the list of mappings. */
export function MidiTab({ state }: { readonly state: LiveState }) {
  const { midi } = usePanel();
  const status = useStream(midi.inputs.status$);
  const learning = useStream(midi.learning$);
  useLearningClicks(midi, learning);
  useEffect(() => () => midi.endLearning(), [midi]);
  if (status === null) return null;
  return (
    <div class="midi">
      <h2>MIDI controller</h2>
      <p class={status.problem === null ? 'dim' : 'problem-text'} role="status">
        {statusText(status)}
      </p>
      <div class="buttons">
        <button type="button" class="button" onClick={() => (status.phase === 'off' ? midi.start() : midi.stop())}>
          {BUTTON_LABELS[status.phase]}
        </button>
        {status.phase === 'on' ? (
          <Toggle
            label="Learn"
            title="Assign controls to faders and buttons (Esc to stop)"
            isOn={learning !== null}
            onChange={(isLearning) => (isLearning ? midi.learn(null) : midi.endLearning())}
          >
            Learn
          </Toggle>
        ) : null}
      </div>
      {learning === null ? null : (
        <p class="learn-prompt" role="status">
          {promptText(learning, state)}
        </p>
      )}
      <Mappings state={state} />
    </div>
  );
}

function Mappings({ state }: { readonly state: LiveState }) {
  const { midi } = usePanel();
  const mappings = useStream(midi.map.mappings$) ?? [];
  const waiting = useStream(midi.waiting$);
  return (
    <section aria-label="MIDI mappings">
      <h2>
        MIDI mappings
        {mappings.length === 0 ? null : (
          <button type="button" class="button" onClick={() => midi.map.forgetAll()}>
            Forget all
          </button>
        )}
      </h2>
      <ul aria-label="Mappings">
        {mappings.map(({ control, target }) => (
          <li key={target} class="mapping">
            <span class="mapping-target">{targetText(target, state)}</span>
            <span class="mapping-control" title={control}>
              {waiting?.target === target ? `turn ${waiting.direction} to reach the fader` : control}
            </span>
            <button
              type="button"
              class="tool"
              aria-label={`Forget ${targetText(target, state)}`}
              title="Forget"
              onClick={() => midi.map.forget(target)}
            >
              <Icon name="bin" />
            </button>
          </li>
        ))}
      </ul>
      {mappings.length === 0 ? (
        <p class="empty">No mappings yet. Connect, press Learn, click a fader or button, then move a control.</p>
      ) : null}
      <p class="dim">A fader follows its knob once they meet, so levels never jump. Buttons toggle on each press.</p>
    </section>
  );
}

function statusText({ phase, problem, inputs }: MidiStatus): string {
  if (problem !== null) return `${capitalised(problem)}.`;
  switch (phase) {
    case 'off':
      return 'Move faders and buttons with a MIDI controller on this computer.';
    case 'asking':
      return 'Allow MIDI in the browser’s prompt.';
    case 'elsewhere':
      return 'Another panel in this browser uses MIDI. This one takes over when it closes.';
    case 'on':
      return inputs.length === 0 ? 'No MIDI controller found. Plug one in.' : inputs.join(', ');
  }
}

function promptText({ target }: Learning, state: LiveState): string {
  if (target === null) return 'Click a fader or button in the mixer.';
  return `Move a knob or press a key for “${targetText(target, state)}”.`;
}

/** Label of a target; an empty strip is named by its slot. */
function targetText(target: string, state: LiveState): string {
  return findTarget(target, state.settings)?.label ?? `${capitalised(target)} (empty)`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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
