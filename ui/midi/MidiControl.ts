import { BehaviorSubject } from 'rxjs';
import type { Seconds } from '../../engine/core/units.ts';
import type { LiveSettings } from '../../host/protocol/LiveState.ts';
import { remember, remembered } from '../base/useRemembered.ts';
import type { HostLink } from '../link/HostLink.ts';
import { MessagePacer } from './MessagePacer.ts';
import { MidiInputs } from './MidiInputs.ts';
import { MidiMap } from './MidiMap.ts';
import type { MidiMove } from './midiMessage.ts';
import { findTarget, type MidiTarget } from './midiTargets.ts';
import { Pickup } from './Pickup.ts';

/** MIDI learn is active. `target` null: waiting for the user to click a fader or button. */
export interface Learning {
  readonly target: string | null;
}

/** A knob that has not reached its fader's position yet. */
export interface Waiting {
  readonly target: string;
  /** Which way the knob has to be turned. */
  readonly direction: 'up' | 'down';
}

const ON_KEY = 'midi';
/** Travel after which a moving control is learnt; jitter of worn controllers is below this. */
const LEARN_TRAVEL = 0.06;
/** Longest time until the host's state reflects a button press sent from here. */
const PRESSED_SECONDS: Seconds = 0.6;

/** Moves faders and buttons from a MIDI controller and learns the mappings. One instance per page. */
export class MidiControl {
  readonly inputs = new MidiInputs();
  readonly map = new MidiMap();
  /** null: MIDI learn is off. */
  readonly learning$ = new BehaviorSubject<Learning | null>(null);
  readonly waiting$ = new BehaviorSubject<Waiting | null>(null);
  private readonly link: HostLink;
  private readonly pacer: MessagePacer;
  private settings: LiveSettings | null = null;
  /** Latest position of each control, 0 to 1. */
  private readonly positions = new Map<string, number>();
  private readonly pickups = new Map<string, Pickup>();
  private readonly pressed = new Map<string, { readonly travel: number; readonly seconds: Seconds }>();
  /** Position of each control when learning began. */
  private readonly starts = new Map<string, number>();

  constructor(link: HostLink) {
    this.link = link;
    this.pacer = new MessagePacer((message) => {
      if (link.phase$.value === 'open') link.send(message);
    });
    link.state$.subscribe(({ settings }) => {
      this.settings = settings;
    });
    this.inputs.moves$.subscribe((move) => this.handle(move));
    // Changed mappings need a new pickup.
    this.map.mappings$.subscribe(() => this.pickups.clear());
    if (remembered(ON_KEY, 'off', ['off', 'on']) === 'on') this.start();
  }

  start(): void {
    remember(ON_KEY, 'on');
    void this.inputs.start();
  }

  stop(): void {
    remember(ON_KEY, 'off');
    this.inputs.stop();
    this.endLearning();
    this.waiting$.next(null);
  }

  /** @param target name of the target that the next moved control is mapped to; null: the user chooses it by a click */
  learn(target: string | null): void {
    this.starts.clear();
    this.learning$.next({ target });
  }

  endLearning(): void {
    this.learning$.next(null);
  }

  /** @returns the target's current state; null if it does not exist, such as an empty strip */
  target(name: string): MidiTarget | null {
    return this.settings === null ? null : findTarget(name, this.settings);
  }

  private handle(move: MidiMove): void {
    const before = this.positions.get(move.control) ?? 0;
    this.positions.set(move.control, move.position);
    const learning = this.learning$.value;
    if (learning !== null) {
      if (learning.target !== null) this.learnFrom(move, learning.target);
      return;
    }
    const name = this.map.targetOf(move.control);
    const target = name === null ? null : this.target(name);
    if (name === null || target === null || this.link.phase$.value !== 'open') return;
    if (target.isButton) {
      if (before < 0.5 && move.position >= 0.5) this.press(name, target);
    } else this.turn(name, target, move);
  }

  private learnFrom({ control, position, isKey }: MidiMove, name: string): void {
    const isButton = this.target(name)?.isButton === true;
    if (isKey && !(isButton && position > 0)) return;
    const start = this.starts.get(control) ?? position;
    this.starts.set(control, start);
    const isPressed = isButton && position === 1;
    if (!isPressed && Math.abs(position - start) < LEARN_TRAVEL) return;
    this.map.learn(control, name);
    this.learn(null);
  }

  private press(name: string, target: MidiTarget): void {
    const now = performance.now() / 1000;
    const last = this.pressed.get(name);
    const present = last !== undefined && now - last.seconds < PRESSED_SECONDS ? last.travel : target.travel;
    const travel = 1 - present;
    this.pressed.set(name, { travel, seconds: now });
    this.pacer.push(name, target.message(travel));
  }

  private turn(name: string, target: MidiTarget, { position }: MidiMove): void {
    let pickup = this.pickups.get(name);
    if (pickup === undefined) {
      pickup = new Pickup();
      this.pickups.set(name, pickup);
    }
    const isFollowing = pickup.move(position, target.travel, performance.now() / 1000);
    if (isFollowing) this.pacer.push(name, target.message(position));
    this.setWaiting(isFollowing ? null : { target: name, direction: target.travel > position ? 'up' : 'down' });
  }

  private setWaiting(waiting: Waiting | null): void {
    const { target, direction } = this.waiting$.value ?? {};
    if (target !== waiting?.target || direction !== waiting?.direction) this.waiting$.next(waiting);
  }
}
