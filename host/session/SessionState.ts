import { BehaviorSubject, type Observable } from 'rxjs';
import type { LiveSettings, LiveState } from '../protocol/LiveState.ts';

/** The state of a live session. Values are never modified in place: each update publishes a new object. */
export class SessionState {
  private readonly subject: BehaviorSubject<LiveState>;

  constructor(initial: LiveState) {
    this.subject = new BehaviorSubject(initial);
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

  update(changes: Partial<LiveState>): void {
    this.subject.next({ ...this.current, ...changes });
  }

  complete(): void {
    this.subject.complete();
  }
}
