import { BehaviorSubject } from 'rxjs';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly kind: 'info' | 'problem';
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const SHOWN_MILLISECONDS = 7000;
const MOST_SHOWN = 4;

/** Refused requests and problems, which stay until they are dismissed; completed actions, which may be undone for a while. */
export class Notices {
  readonly shown$ = new BehaviorSubject<readonly Notice[]>([]);
  private nextId = 0;

  show(text: string, kind: Notice['kind'] = 'info', action: Notice['action'] = null): void {
    const others = this.shown$.value.filter((notice) => notice.text !== text);
    const notice = { id: this.nextId++, text, kind, action };
    this.shown$.next([...others.slice(-(MOST_SHOWN - 1)), notice]);
    if (kind === 'info') setTimeout(() => this.dismiss(notice.id), SHOWN_MILLISECONDS);
  }

  problem(error: unknown): void {
    this.show(error instanceof Error ? error.message : String(error), 'problem');
  }

  dismiss(id: number): void {
    this.shown$.next(this.shown$.value.filter((notice) => notice.id !== id));
  }
}
