import type { AudioErrorKind } from '../../host/audio/backend/AudioError.ts';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import type { LiveControl } from '../../host/session/LiveControl.ts';

/** Presets of the session under test: three of the user's own, of which the first two are loaded, and a bundled one. */
export const OWN = ['ann', 'bob', 'carl'] as const;
export const LOADED = ['ann', 'bob'] as const;
export const BUNDLED = 'dave';

/** Preparation of a row: control messages, and what is not one. `hear` plays as much into the input as is searched for voices at once. */
export type Step = ControlMessage | ((session: LiveControl, takesFolder: string, hear: () => void) => Promise<unknown>);

/** The part of the state that does not depend on engine, folders and file formats. */
export type Observable = ReturnType<typeof observable>;

export function observable({ windowSamples, hopSamples, similarity, endedRecording, ...state }: LiveState) {
  return {
    ...state,
    presets: state.presets.map(({ name, isOwn }) => `${name}, ${isOwn ? 'own' : 'bundled'}`),
    takes: state.takes.map(({ name }) => name),
    recording: state.recording === null ? null : { ...state.recording, folder: 'any' },
  };
}

/** A message that is carried out, and all changes of the state. */
export interface AcceptedRow {
  readonly title?: string;
  readonly steps?: readonly Step[];
  readonly message: ControlMessage;
  readonly changes: (before: LiveState) => Partial<Observable>;
}

/** A message that is refused and changes nothing. */
export interface RefusedRow {
  readonly title?: string;
  readonly steps?: readonly Step[];
  readonly areDevicesLost?: boolean;
  /** May break the schema of its type. */
  readonly message: { readonly type: ControlMessage['type']; readonly [field: string]: unknown };
  readonly reason: RegExp;
  /** Of an AudioError; any other refusal is a plain InputError. */
  readonly kind?: AudioErrorKind;
}

export const UNITY = { gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false };
export const unchanged = () => ({});

/** @returns new settings in which one speaker has changed */
export function withSpeaker({ settings }: LiveState, slot: number, changes: object) {
  return {
    settings: {
      ...settings,
      speakers: settings.speakers.map((each, n) => (n === slot ? { ...each, ...changes } : each)),
    },
  };
}

export function withSettings({ settings }: LiveState, changes: Partial<LiveState['settings']>) {
  return { settings: { ...settings, ...changes } };
}
