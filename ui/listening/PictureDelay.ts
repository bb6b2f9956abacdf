import type { Seconds } from '../../engine/core/units.ts';

/** Most frames that are held: more than a second of telemetry. */
const MAXIMUM_HELD = 90;

/** Holds telemetry frames back, so that the pictures match the sound that is played in this page. Frames keep their order. */
export class PictureDelay {
  private readonly show: (frame: Uint8Array) => void;
  private readonly held: { readonly frame: Uint8Array; readonly arrivedSeconds: Seconds }[] = [];

  constructor(show: (frame: Uint8Array) => void) {
    this.show = show;
  }

  /** Shows the frames that are due. @param delaySeconds at present; 0: frames are shown at once */
  push(frame: Uint8Array, delaySeconds: Seconds, nowSeconds: Seconds): void {
    const { held } = this;
    held.push({ frame, arrivedSeconds: nowSeconds });
    while (held.length > 0 && (held[0]!.arrivedSeconds + delaySeconds <= nowSeconds || held.length > MAXIMUM_HELD)) {
      this.show(held.shift()!.frame);
    }
  }
}
