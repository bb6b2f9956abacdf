import { useRef } from 'preact/hooks';
import { roundToLaw, type SliderLaw } from '../base/sliderLaw.ts';
import { useTexts } from '../texts/useTexts.ts';
import { useHeld } from './useHeld.ts';
import { ValueField } from './ValueField.tsx';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  /** Value after a double-click. */
  readonly resetValue: number;
  readonly law: SliderLaw;
  readonly orientation?: 'vertical' | 'horizontal';
  readonly isDisabled?: boolean;
  /** Name of its MIDI target; undefined: not controllable by MIDI. */
  readonly midi?: string;
  readonly onChange: (value: number) => void;
}

/** Factor on pointer and key movement while shift is held. */
const FINE = 0.1;

/** Fader for mouse, touch and keyboard, with a field to type the value. */
export function Slider({
  label,
  law,
  resetValue,
  orientation = 'horizontal',
  isDisabled = false,
  midi,
  ...props
}: SliderProps) {
  const texts = useTexts().controls;
  const [value, change] = useHeld(props.value, (next) => props.onChange(next));
  const track = useRef<HTMLDivElement>(null);
  const drag = useRef<{ travel: number; position: number } | null>(null);
  const set = (next: number) => {
    if (!isDisabled) change(roundToLaw(law, next));
  };
  const isVertical = orientation === 'vertical';
  /** 0 at the low end of the track, 1 at the high end. */
  const positionOf = (event: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    return isVertical ? (box.bottom - event.clientY) / box.height : (event.clientX - box.left) / box.width;
  };
  const grab = (event: PointerEvent) => {
    if (event.button !== 0 || isDisabled) return;
    event.preventDefault();
    track.current!.focus();
    track.current!.setPointerCapture(event.pointerId);
    const position = positionOf(event);
    const isOnCap = (event.target as HTMLElement).classList.contains('cap');
    drag.current = { travel: isOnCap ? law.toTravel(value) : position, position };
    if (!isOnCap) set(law.toValue(clamped(position)));
  };
  const move = (event: PointerEvent) => {
    if (drag.current === null) return;
    const position = positionOf(event);
    drag.current.travel += (position - drag.current.position) * (event.shiftKey ? FINE : 1);
    drag.current.position = position;
    set(law.toValue(clamped(drag.current.travel)));
  };
  const release = () => {
    drag.current = null;
  };
  const press = (event: KeyboardEvent) => {
    const step = law.step * (event.shiftKey ? FINE : 1);
    const valueAfter: Readonly<Record<string, number>> = {
      ArrowUp: value + step,
      ArrowRight: value + step,
      ArrowDown: value - step,
      ArrowLeft: value - step,
      PageUp: value + law.pageStep,
      PageDown: value - law.pageStep,
      Home: law.minimum,
      End: law.maximum,
      Delete: resetValue,
      Backspace: resetValue,
    };
    const next = valueAfter[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    set(next);
  };
  return (
    <div class={`slider ${orientation}`} data-disabled={isDisabled}>
      <div
        ref={track}
        class="track"
        data-midi={midi}
        role="slider"
        tabIndex={isDisabled ? -1 : 0}
        aria-label={label}
        aria-orientation={orientation}
        aria-valuemin={law.minimum}
        aria-valuemax={law.maximum}
        aria-valuenow={value}
        aria-valuetext={law.format(value)}
        aria-disabled={isDisabled}
        style={{ '--travel': clamped(law.toTravel(value)), '--reset': clamped(law.toTravel(resetValue)) }}
        onPointerDown={grab}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={release}
        onDblClick={() => set(resetValue)}
        onKeyDown={press}
      >
        <div class="groove">
          <div class="fill" />
        </div>
        <div class="home" />
        <div class="cap" />
      </div>
      <ValueField
        label={texts.valueOf(label)}
        value={value}
        format={law.format}
        isDisabled={isDisabled}
        onChange={set}
      />
    </div>
  );
}

function clamped(travel: number): number {
  return Math.min(1, Math.max(0, travel));
}
