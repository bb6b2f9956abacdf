import { serializePreset } from '../../../engine/model/Preset.ts';
import type { Findings } from '../../../host/voices/VoiceFinder.ts';
import type { VoiceFinderLink } from '../../../host/voices/VoiceFinderThread.ts';
import type { VoiceFinderRequests } from '../../../host/voices/voiceFinderMessages.ts';
import type { TrainerJob, TrainerResult } from '../../../host/workers/trainerMessages.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';

type Answers = { [Name in keyof VoiceFinderRequests]: VoiceFinderRequests[Name]['answer'] };

/** Stands in for the thread that searches: finds what the test says, at first one voice that was alone for 9 s. */
export class FakeVoiceFinder implements VoiceFinderLink {
  findings: Findings = { speechSeconds: 12, voices: [{ number: 1, soloSeconds: 9, vector: null, agreement: 1 }] };
  isTerminated = false;

  async call<Name extends keyof VoiceFinderRequests>(name: Name): Promise<VoiceFinderRequests[Name]['answer']> {
    if (this.isTerminated) throw new Error('ended');
    const answers: Answers = { hear: null, find: this.findings, passages: { recordings: [], embedding: null } };
    return answers[name];
  }

  async terminate(): Promise<void> {
    this.isTerminated = true;
  }
}

/** Stands in for the trainer: found voices are learnt at once, others never. */
export function trainFound({ name }: TrainerJob): Promise<TrainerResult> {
  if (!name.startsWith('voice-')) return new Promise(() => {});
  return Promise.resolve({ presetText: serializePreset(randomPreset(name, 8, 1)), evidenceText: null, klRatios: null });
}
