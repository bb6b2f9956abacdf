import { Observable, share } from 'rxjs';
import type { AudioLink } from './AudioLink.ts';

/** The mix for browsers in which somebody listens. The audio process sends it only while there is a subscriber. */
export class ListenControl {
  /** Sound frames (soundFrame.ts). A subscriber that is too slow must drop frames itself. */
  readonly mix$: Observable<Uint8Array>;
  private readonly link: Pick<AudioLink, 'request' | 'mix'>;
  private isListening = false;

  constructor(link: Pick<AudioLink, 'request' | 'mix'>) {
    this.link = link;
    this.mix$ = new Observable<Uint8Array>((listener) => {
      const subscription = link.mix.subscribe(listener);
      this.setListening(true);
      return () => {
        subscription.unsubscribe();
        this.setListening(false);
      };
    }).pipe(share());
  }

  /** To be called when a new audio process has opened devices. */
  resume(): void {
    if (this.isListening) this.request();
  }

  private setListening(isListening: boolean): void {
    this.isListening = isListening;
    this.request();
  }

  /** A process that cannot answer is replaced, and `resume` is called for the next one. */
  private request(): void {
    this.link.request('listen', { isListening: this.isListening }).catch(() => {});
  }
}
