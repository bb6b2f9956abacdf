import { MAXIMUM_OUTPUTS } from '../core/limits.ts';
import type { SpeakerSetShape } from '../model/SpeakerSetShape.ts';
import type { Separator } from '../separator/Separator.ts';

/** Which voice each speaker output of a separator carries; 0: none. @thread audio. Only the constructor allocates. */
export class OutputVoices {
  /** [MAXIMUM_OUTPUTS] voices that are heard: those of the active speaker set, and of the one that fades in. */
  readonly heard = new Int32Array(MAXIMUM_OUTPUTS);
  /** [MAXIMUM_OUTPUTS] voices that are heard, or will be when the swap under way fades in. */
  readonly assigned = new Int32Array(MAXIMUM_OUTPUTS);
  private active: SpeakerSetShape | null = null;
  private incoming: SpeakerSetShape | null = null;
  private fadingIn: SpeakerSetShape | null = null;

  /** To be called whenever a swap may have advanced. @returns whether anything has changed */
  update(separator: Separator): boolean {
    const active = separator.view.speakerSet;
    const { incoming, fadingIn } = separator;
    if (active === this.active && incoming === this.incoming && fadingIn === this.fadingIn) return false;
    this.active = active;
    this.incoming = incoming;
    this.fadingIn = fadingIn;
    write(active, fadingIn, this.heard);
    write(active, incoming, this.assigned);
    return true;
  }
}

function write(active: SpeakerSetShape, next: SpeakerSetShape | null, voices: Int32Array): void {
  for (let output = 0; output < voices.length; output++) voices[output] = 0;
  add(active, voices);
  if (next !== null) add(next, voices);
}

function add({ speakers, outputs }: SpeakerSetShape, voices: Int32Array): void {
  for (let s = 0; s < speakers.length; s++) voices[outputs[s]!] = speakers[s]!.voice;
}
