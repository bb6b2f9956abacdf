import { useEffect } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useStream } from '../base/useStream.ts';
import { Icon } from '../controls/Icon.tsx';
import { Toggle } from '../controls/Toggle.tsx';
import type { Learning, MidiControl } from '../midi/MidiControl.ts';
import type { MidiStatus } from '../midi/MidiInputs.ts';
import { findTarget } from '../midi/midiTargets.ts';
import { usePanel } from '../model/PanelContext.ts';

const BUTTON_WORDS = { off: 'Connect', asking: 'Cancel', elsewhere: 'Disconnect', on: 'Disconnect' } as const;

/** Which knob of a MIDI controller moves what. */
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
          {BUTTON_WORDS[status.phase]}
        </button>
        {status.phase === 'on' ? (
          <Toggle
            label="Learn"
            title="Learn which control moves what (Esc ends it)"
            isOn={learning !== null}
            onChange={(isLearning) => (isLearning ? midi.learn(null) : midi.endLearning())}
          >
            Learn
          </Toggle>
        ) : null}
      </div>
      {learning === null ? null : (
        <p class="lesson" role="status">
          {lessonText(learning, state)}
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
    <section aria-label="What moves what">
      <h2>
        What moves what
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
              {waiting?.target === target ? `turn it ${waiting.direction} until it meets the fader` : control}
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
        <p class="empty">Nothing yet: connect, press Learn, click a fader or button, move a control.</p>
      ) : null}
      <p class="dim">
        A fader follows its knob from where the two meet, so that nothing jumps. Keys and buttons switch at each press.
      </p>
    </section>
  );
}

function statusText({ phase, problem, inputs }: MidiStatus): string {
  if (problem !== null) return `${problem[0]!.toUpperCase()}${problem.slice(1)}.`;
  switch (phase) {
    case 'off':
      return 'Faders and buttons can be moved from a MIDI controller on this machine.';
    case 'asking':
      return 'The browser asks whether this page may use MIDI.';
    case 'elsewhere':
      return 'Another panel in this browser has the controllers; this one takes over when it is closed.';
    case 'on':
      return inputs.length === 0 ? 'No MIDI controller is connected: plug one in.' : inputs.join(', ');
  }
}

function lessonText({ target }: Learning, state: LiveState): string {
  if (target === null) return 'Click a fader or a button of the mixer.';
  return `Move a knob or press a key for “${targetText(target, state)}”.`;
}

/** A strip that is empty now is told by its place. */
function targetText(target: string, state: LiveState): string {
  return findTarget(target, state.settings)?.label ?? `${target[0]!.toUpperCase()}${target.slice(1)} (empty)`;
}

const POINTING = ['pointerdown', 'click', 'dblclick'] as const;

/** While learning, what can be learnt is shown, and a click or Enter chooses it instead of moving it. */
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
      if (element !== null && midi.learning$.value !== null) midi.learn(element.dataset.midi!);
    };
    for (const name of [...POINTING, 'keydown'] as const) document.addEventListener(name, choose, { capture: true });
    document.documentElement.dataset.learning = 'yes';
    return () => {
      for (const name of [...POINTING, 'keydown'] as const)
        document.removeEventListener(name, choose, { capture: true });
      delete document.documentElement.dataset.learning;
    };
  }, [midi, isLearning]);
  useEffect(() => {
    const element = document.querySelector<HTMLElement>(`[data-midi="${chosen}"]`);
    element?.setAttribute('data-chosen', 'yes');
    return () => element?.removeAttribute('data-chosen');
  }, [chosen]);
}
