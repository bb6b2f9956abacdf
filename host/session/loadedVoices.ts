import { InputError } from '../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { isSameName } from '../../engine/model/PresetName.ts';
import type { SpeakerStrip, StoredStrip } from '../protocol/LiveState.ts';
import { VoiceGoneError } from './VoiceGoneError.ts';

/** How a control message addresses a strip. */
export interface StripAddress {
  readonly slot?: number | undefined;
  /** Id of the strip, or its preset, which needs the slot; null: no voice, for a strip that is to be added. */
  readonly voice?: number | string | null | undefined;
}

/**
 * @returns slot of the strip
 * @throws VoiceGoneError for the id of a voice that is not loaded; InputError if the slot is empty or holds another voice
 */
export function slotOf(speakers: readonly SpeakerStrip[], address: StripAddress): number {
  const slot = addressedSlot(speakers, address);
  if (slot >= speakers.length) {
    throw new InputError(`slot must be less than ${speakers.length}, the number of loaded speakers, got ${slot}`);
  }
  requireVoice(speakers, slot, address.voice);
  return slot;
}

/**
 * @returns slot of the strip to replace; the number of loaded voices: one is to be added
 * @throws VoiceGoneError for the id of a voice that is not loaded; InputError if the slot does not hold `voice`
 */
export function slotToLoad(speakers: readonly SpeakerStrip[], address: StripAddress): number {
  const { voice } = address;
  const slot = voice === null ? (address.slot ?? speakers.length) : addressedSlot(speakers, address);
  const existing = Math.min(slot, speakers.length);
  requireVoice(speakers, existing, voice);
  if (existing === MAXIMUM_SPEAKERS) {
    throw new InputError(`all ${MAXIMUM_SPEAKERS} slots are taken: unload a voice, or name one to replace`);
  }
  return existing;
}

/**
 * Gives stored strips their ids. A voice that is loaded already keeps its id, so that it is not interrupted; all others get new ones.
 * @param newVoice returns an id that the session has not used before
 */
export function identified(
  strips: readonly StoredStrip[],
  loaded: readonly SpeakerStrip[],
  newVoice: () => number,
): SpeakerStrip[] {
  const left = [...loaded];
  return strips.map((strip) => {
    const index = left.findIndex(({ preset }) => isSameName(preset, strip.preset));
    const [kept] = index < 0 ? [] : left.splice(index, 1);
    return { ...strip, id: kept?.id ?? newVoice() };
  });
}

function addressedSlot(speakers: readonly SpeakerStrip[], { slot, voice }: StripAddress): number {
  if (typeof voice === 'number') {
    const held = speakers.findIndex(({ id }) => id === voice);
    if (held < 0) throw new VoiceGoneError(voice);
    return slot ?? held;
  }
  if (slot === undefined) throw new InputError('slot: must be given unless voice is the id of a strip');
  return slot;
}

/** @param voice id or preset that must be in the slot; null: the slot must be free; undefined: any */
function requireVoice(speakers: readonly SpeakerStrip[], slot: number, voice: StripAddress['voice']): void {
  const present = speakers[slot];
  const held = typeof voice === 'number' ? present?.id : present?.preset;
  if (voice === undefined || voice === (held ?? null)) return;
  if (typeof voice === 'string' && typeof held === 'string' && isSameName(voice, held)) return;
  throw new InputError(`slot ${slot} now holds ${voiceText(held ?? null)}, not ${voiceText(voice)}`);
}

function voiceText(voice: number | string | null): string {
  if (voice === null) return 'no voice';
  return typeof voice === 'number' ? `voice ${voice}` : `"${voice}"`;
}
