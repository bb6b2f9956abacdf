import { serializePreset } from '../../../engine/model/Preset.ts';
import type { Findings } from '../../../host/voices/VoiceFinder.ts';
import type { VoiceFinderLink } from '../../../host/voices/VoiceFinderThread.ts';
import type { PassagesRequest, VoiceFinderRequests } from '../../../host/voices/voiceFinderMessages.ts';
import type { TrainerJob, TrainerResult } from '../../../host/workers/trainerMessages.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';

type Answers = { [Name in keyof VoiceFinderRequests]: VoiceFinderRequests[Name]['answer'] };

/** Stands in for the thread that searches: finds what the test says, at first one voice that was alone for 9 s. */
export class FakeVoiceFinder implements VoiceFinderLink {
  findings: Findings = { speechSeconds: 12, voices: [{ number: 1, soloSeconds: 9, vector: null, agreement: 1 }] };
  isTerminated = false;
  /** Numbers of the voices whose presets came with each request for passages. */
  readonly presetNumbers: number[][] = [];

  async call<Name extends keyof VoiceFinderRequests>(
    name: Name,
    argument: VoiceFinderRequests[Name]['argument'],
  ): Promise<VoiceFinderRequests[Name]['answer']> {
    if (this.isTerminated) throw new Error('ended');
    if (isPassagesRequest(argument)) this.presetNumbers.push(argument.presets.map(({ number }) => number));
    const answers: Answers = { hear: null, find: this.findings, passages: { recordings: [], embedding: null } };
    return answers[name];
  }

  async terminate(): Promise<void> {
    this.isTerminated = true;
  }
}

function isPassagesRequest(
  argument: VoiceFinderRequests[keyof VoiceFinderRequests]['argument'],
): argument is PassagesRequest {
  return argument !== null && 'presets' in argument;
}

/** Stands in for the trainer: found voices are learnt at once, others never. */
export function trainFound({ name }: TrainerJob): Promise<TrainerResult> {
  if (!name.startsWith('voice-')) return new Promise(() => {});
  return Promise.resolve({ presetText: serializePreset(randomPreset(name, 8, 1)), evidenceText: null, klRatios: null });
}
