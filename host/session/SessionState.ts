import { BehaviorSubject, type Observable } from 'rxjs';
import type { LiveSettings, LiveState } from '../protocol/LiveState.ts';

/** The state of a live session. Values are never modified in place: each update publishes a new object. */
export class SessionState {
  private readonly subject: BehaviorSubject<LiveState>;
  private latestVoice: number;

  constructor(initial: LiveState) {
    this.subject = new BehaviorSubject(initial);
    this.latestVoice = Math.max(0, ...initial.settings.speakers.map(({ id }) => id));
  }

  get state$(): Observable<LiveState> {
    return this.subject;
  }

  get current(): LiveState {
    return this.subject.value;
  }

  get settings(): LiveSettings {
    return this.current.settings;
  }

  /** @returns an id that no voice of this session has had, not even one that could not be loaded */
  newVoice(): number {
    return ++this.latestVoice;
  }

  update(changes: Partial<LiveState>): void {
    this.subject.next({ ...this.current, ...changes });
  }

  complete(): void {
    this.subject.complete();
  }
}
