import type { Observable } from 'rxjs';
import type { WebSocket } from 'ws';

/** Unsent bytes above which sound is dropped: two thirds of a second at 48 kHz. Late sound is of no use. */
const BACKLOG_BYTES = 65_536;
/** Frames dropped in a row, 15 s of sound, after which the listener counts as gone. */
const MAXIMUM_DROPPED = 300;

/** Connection to one browser in which somebody listens to the mix. For a slow one sound is dropped, never queued. */
export class SoundSocket {
  private readonly socket: WebSocket;
  private dropped = 0;

  /** @param mix$ sound frames */
  constructor(socket: WebSocket, mix$: Observable<Uint8Array>) {
    this.socket = socket;
    socket.on('message', () => socket.close(1003, 'nothing is expected here'));
    // ws closes the socket itself after an error.
    socket.on('error', () => {});
    const subscription = mix$.subscribe((frame) => this.send(frame));
    socket.on('close', () => subscription.unsubscribe());
  }

  private send(frame: Uint8Array): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount <= BACKLOG_BYTES) {
      this.dropped = 0;
      socket.send(frame);
    } else if (++this.dropped > MAXIMUM_DROPPED) socket.terminate();
  }
}
