import { BehaviorSubject, Subject } from 'rxjs';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { decodeSoundFrame } from '../../host/protocol/soundFrame.ts';
import { currentTexts } from '../texts/useTexts.ts';
import { MixPlayer } from './MixPlayer.ts';

/** `connecting`: the user wants to listen, and sound will be heard as soon as the host sends it. */
export type ListeningPhase = 'off' | 'connecting' | 'playing';

const RETRY_MILLISECONDS = 1000;
/** Without a frame for this long, nothing is heard. */
const SILENT_MILLISECONDS = 1000;

/** Plays the mix of the session in this page, from a click of the user until the next. `enter` is the only function that changes the phase. */
export class Listening {
  readonly phase$ = new BehaviorSubject<ListeningPhase>('off');
  /** Why listening has ended without a click. */
  readonly problems$ = new Subject<string>();
  private readonly address: string;
  private socket: WebSocket | null = null;
  private player: MixPlayer | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param address of the host's WebSocket for sound */
  constructor(address: string) {
    this.address = address;
  }

  /** By how much pictures have to be delayed to match the sound; 0: nothing is heard. */
  get delaySeconds(): Seconds {
    return this.phase$.value === 'playing' ? (this.player?.delaySeconds ?? 0) : 0;
  }

  /** To be called in the handler of a click. @param sampleRateHertz of the session; null: it is not known yet */
  start(sampleRateHertz: Hertz | null): void {
    if (this.phase$.value !== 'off') return;
    try {
      this.player = new MixPlayer(sampleRateHertz ?? 48_000);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.problems$.next(currentTexts().listening.cannotPlay(reason));
      return;
    }
    this.enter('connecting');
    this.connect();
  }

  stop(): void {
    this.enter('off');
    this.disconnect();
    void this.player?.close();
    this.player = null;
  }

  private connect(): void {
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.receive(data);
    };
    socket.onclose = () => {
      if (this.phase$.value === 'off') return;
      this.enter('connecting');
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.connect(), RETRY_MILLISECONDS);
    };
  }

  private disconnect(): void {
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private receive(bytes: ArrayBuffer): void {
    const frame = decodeSoundFrame(bytes);
    if (frame === null || this.player === null) return;
    if (this.player.sampleRateHertz !== frame.sampleRateHertz) {
      void this.player.close();
      this.player = new MixPlayer(frame.sampleRateHertz);
    }
    if (!this.player.play(frame)) return;
    this.enter('playing');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.enter('connecting'), SILENT_MILLISECONDS);
  }

  private enter(phase: ListeningPhase): void {
    if (phase !== this.phase$.value) this.phase$.next(phase);
  }
}
