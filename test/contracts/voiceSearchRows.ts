import { filter, firstValueFrom } from 'rxjs';
import { presetName } from '../../engine/model/PresetName.ts';
import { NO_VOICE_SEARCH } from '../../host/protocol/voiceSearch.ts';
import { type AcceptedRow, type RefusedRow, type Step, unchanged, withSpeaker } from './controlRow.ts';

const search: Step = { type: 'startVoiceSearch', voices: null };
/** The voice of `FakeVoiceFinder` is learnt and loaded. */
const findVoice: Step = async (session, _, hear) => {
  hear();
  await firstValueFrom(session.state$.pipe(filter(({ voiceSearch }) => voiceSearch.voices[0]?.phase === 'learnt')));
};

export const ACCEPTED_OF_VOICE_SEARCH: readonly AcceptedRow[] = [
  {
    message: { type: 'startVoiceSearch', voices: 2 },
    changes: () => ({ voiceSearch: { ...NO_VOICE_SEARCH, phase: 'listening', count: 2 } }),
  },
  { steps: [search], message: { type: 'stopVoiceSearch' }, changes: () => ({ voiceSearch: NO_VOICE_SEARCH }) },
  {
    title: 'found voices stay loaded',
    steps: [search, findVoice],
    message: { type: 'stopVoiceSearch' },
    changes: ({ voiceSearch }) => ({ voiceSearch: { ...voiceSearch, phase: 'off' } }),
  },
  { title: 'nobody searches', message: { type: 'stopVoiceSearch' }, changes: unchanged },
  {
    title: 'a found voice keeps its strip under the new name',
    steps: [search, findVoice],
    message: { type: 'keepFoundVoice', preset: 'voice-1', name: 'eve' },
    changes: (before) => ({
      ...withSpeaker(before, 2, { preset: presetName('eve') }),
      presets: ['ann, own', 'bob, own', 'carl, own', 'dave, bundled', 'eve, own'],
      voiceSearch: {
        ...before.voiceSearch,
        voices: before.voiceSearch.voices.map((voice) => ({ ...voice, phase: 'kept' as const, name: 'eve' })),
      },
    }),
  },
];

export const REFUSED_OF_VOICE_SEARCH: readonly RefusedRow[] = [
  { message: { type: 'startVoiceSearch', voices: 7 }, reason: /^voices: must be at most 6/ },
  {
    title: 'no device is open',
    areDevicesLost: true,
    message: { type: 'startVoiceSearch', voices: null },
    reason: /^gone: /,
    kind: 'gone',
  },
  { message: { type: 'stopVoiceSearch', name: 'eve' }, reason: /name/ },
  { message: { type: 'keepFoundVoice', preset: 'ann' }, reason: /^"ann" is not a voice that was found/ },
  {
    title: 'another preset has the name',
    steps: [search, findVoice],
    message: { type: 'keepFoundVoice', preset: 'voice-1', name: 'ANN' },
    reason: /^a preset called "ann" exists/,
  },
];
