import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { LiveSettings, Strip } from '../../host/protocol/LiveState.ts';
import { FADER_LAW, PERCENT_LAW, roundToLaw } from '../base/sliderLaw.ts';
import { currentTexts } from '../texts/useTexts.ts';

/** Fader or button that a MIDI controller can move. */
export interface MidiTarget {
  readonly label: string;
  readonly isButton: boolean;
  /** Current travel of a fader, 0 to 1; of a button, 0 off or 1 on. */
  readonly travel: number;
  /** @returns the control message that sets this travel */
  message(travel: number): ControlMessage;
}

/** Names of targets. Speakers are addressed by slot, as on a mixing console, whichever preset is loaded there. */
export const speakerTarget = (slot: number, part: 'level' | 'mute' | 'solo' | 'send') => `speaker ${slot + 1} ${part}`;
export const restTarget = (part: 'level' | 'mute' | 'solo') => `rest ${part}`;
export const masterTarget = (part: 'level' | 'wet' | 'mute' | 'bypass') => `master ${part}`;

/** @returns null if the target does not exist, such as a strip without a speaker */
export function findTarget(name: string, { speakers, rest, master }: LiveSettings): MidiTarget | null {
  const texts = currentTexts().mixer;
  const targets: Record<string, MidiTarget> = {
    ...stripTargets('rest', texts.rest, rest, (changes) => ({ type: 'setRest', ...changes })),
    [masterTarget('level')]: fader(texts.level(texts.master), master.gainDecibels, (gainDecibels) => ({
      type: 'setMaster',
      gainDecibels,
    })),
    [masterTarget('wet')]: {
      label: texts.wetOf(texts.master),
      isButton: false,
      travel: master.wet,
      message: (travel) => ({ type: 'setMaster', wet: roundToLaw(PERCENT_LAW, travel) }),
    },
    [masterTarget('mute')]: button(texts.mute(texts.master), master.isMuted, (isMuted) => ({
      type: 'setMaster',
      isMuted,
    })),
    [masterTarget('bypass')]: button(texts.bypass, master.isBypassed, (isBypassed) => ({
      type: 'setMaster',
      isBypassed,
    })),
  };
  for (const [slot, strip] of speakers.entries()) {
    const place = `speaker ${slot + 1}`;
    Object.assign(
      targets,
      stripTargets(place, strip.preset, strip, (changes) => ({ type: 'setSpeaker', slot, ...changes })),
      {
        [speakerTarget(slot, 'send')]: button(texts.send(strip.preset), strip.isSent, (isSent) => ({
          type: 'setSpeaker',
          slot,
          isSent,
        })),
      },
    );
  }
  return Object.hasOwn(targets, name) ? (targets[name] ?? null) : null;
}

/** Label of a target, also of an empty strip, which is named by its slot. */
export function targetLabel(name: string, settings: LiveSettings): string {
  const target = findTarget(name, settings);
  if (target !== null) return target.label;
  const texts = currentTexts().midi.emptyTargets;
  const [, slot, part] = /^speaker (\d+) (level|mute|solo|send)$/.exec(name) ?? [];
  return part === undefined ? name : texts[part as keyof typeof texts](Number(slot));
}

function stripTargets(
  place: string,
  name: string,
  { gainDecibels, isMuted, isSoloed }: Strip,
  message: (changes: Partial<Strip>) => ControlMessage,
): Record<string, MidiTarget> {
  const texts = currentTexts().mixer;
  return {
    [`${place} level`]: fader(texts.level(name), gainDecibels, (gain) => message({ gainDecibels: gain })),
    [`${place} mute`]: button(texts.mute(name), isMuted, (muted) => message({ isMuted: muted })),
    [`${place} solo`]: button(texts.solo(name), isSoloed, (soloed) => message({ isSoloed: soloed })),
  };
}

function fader(label: string, gainDecibels: number, message: (gainDecibels: number) => ControlMessage): MidiTarget {
  return {
    label,
    isButton: false,
    travel: FADER_LAW.toTravel(gainDecibels),
    message: (travel) => message(roundToLaw(FADER_LAW, FADER_LAW.toValue(travel))),
  };
}

function button(label: string, isOn: boolean, message: (isOn: boolean) => ControlMessage): MidiTarget {
  return { label, isButton: true, travel: isOn ? 1 : 0, message: (travel) => message(travel >= 0.5) };
}
