import { currentTexts } from '../texts/useTexts.ts';

/** One movement of a knob, fader or key of a MIDI controller. */
export interface MidiMove {
  /** Stable name of the control, such as `controller 7, channel 1`: stored with the mappings, so it is the same in all languages. */
  readonly control: string;
  /** 0 to 1. Keys: 1 pressed, 0 released. */
  readonly position: number;
  readonly isKey: boolean;
}

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROLLER = 0xb0;
const PITCH_BEND = 0xe0;
const LARGEST_7_BIT = 127;
const LARGEST_14_BIT = 16_383;

/**
 * Parses a MIDI 1.0 message: notes, 7-bit controllers, and pitch bend, which motor faders send.
 * @returns null for any other message (clock, program change, system exclusive) and for truncated ones
 */
export function parseMidi(bytes: Uint8Array): MidiMove | null {
  const [status = 0, first = 0, second = 0] = bytes;
  if (bytes.length !== 3 || first > LARGEST_7_BIT || second > LARGEST_7_BIT) return null;
  const channel = `channel ${(status & 0x0f) + 1}`;
  switch (status & 0xf0) {
    case NOTE_ON:
      return { control: `note ${first}, ${channel}`, position: second > 0 ? 1 : 0, isKey: true };
    case NOTE_OFF:
      return { control: `note ${first}, ${channel}`, position: 0, isKey: true };
    case CONTROLLER:
      return { control: `controller ${first}, ${channel}`, position: second / LARGEST_7_BIT, isKey: false };
    case PITCH_BEND:
      return { control: `pitch bend, ${channel}`, position: (first | (second << 7)) / LARGEST_14_BIT, isKey: false };
    default:
      return null;
  }
}

/** @param control device and control, as named by `MidiInputs` @returns its name in the present language */
export function controlLabel(control: string): string {
  const texts = currentTexts().midi.controls;
  const [, device = '', kind, number = '', channel = ''] =
    /^(.*): (controller|note|pitch bend)(?: (\d+))?, channel (\d+)$/.exec(control) ?? [];
  if (kind === 'controller') return texts.controller(device, number, channel);
  if (kind === 'note') return texts.note(device, number, channel);
  return kind === undefined ? control : texts.pitchBend(device, channel);
}
