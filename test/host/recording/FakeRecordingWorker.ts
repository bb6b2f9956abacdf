import { CallError } from '../../../engine/core/CallError.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import type { PresetName } from '../../../engine/model/PresetName.ts';
import type { ImportedRecording } from '../../../engine/recording/ImportedRecording.ts';
import { numberedNames } from '../../../engine/recording/numberedNames.ts';
import type { FoundSegments } from '../../../engine/recording/SegmentFinder.ts';
import { importRecording } from '../../../host/recording/importRecording.ts';
import type { RecordingWorker } from '../../../host/recording/RecordingThread.ts';
import type {
  ImportJob,
  RecordingRequests,
  SeparatedRecording,
  SeparationJob,
  WorkProgress,
} from '../../../host/recording/recordingThreadMessages.ts';
import type { CallOptions } from '../../../host/rpc/Caller.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';

type RequestName = keyof RecordingRequests;

/** A request that waits for an answer. */
export interface FakeCall {
  readonly name: RequestName;
  readonly argument: unknown;
  report(progress: WorkProgress): void;
  answer(answer: unknown): void;
  fail(error: Error): void;
}

/** 20 s at 16 kHz. */
export const IMPORTED: ImportedRecording = {
  samples: 320_000,
  sampleRateHertz: 16_000,
  offset: 0,
  band: null,
  overviewLevels: [1000, 500, 250],
  remarks: [],
};

/** Two voices that take turns. */
export const FOUND: FoundSegments = {
  voices: { names: numberedNames(2), isKnown: [false, false] },
  areDistinct: true,
  segments: [
    { voice: 0, startSeconds: 0, endSeconds: 4, certainty: 0.9 },
    { voice: 1, startSeconds: 5, endSeconds: 9, certainty: 0.9 },
    { voice: 0, startSeconds: 10, endSeconds: 15, certainty: 0.9 },
  ],
  overlap: new Float32Array(200),
};

/** Imports the upload in this thread. */
export function importHere({ folder, name }: ImportJob): Promise<ImportedRecording> {
  return importRecording(folder, name, { signal: new AbortController().signal, onProgress: () => {} });
}

/** @returns presets of voices that were not really learnt */
export function separatedInto(names: readonly PresetName[], folder = '/none'): SeparatedRecording {
  return {
    learnt: names.map((name, index) => ({
      presetText: serializePreset(randomPreset(name, 4, index + 1)),
      evidenceText: null,
    })),
    trackPaths: [...names, 'rest'].map((name) => `${folder}/${name}.wav`),
    remarks: [],
  };
}

/** How imports are answered; null: by the test. */
type Importer = ((job: ImportJob) => Promise<ImportedRecording>) | null;

/** Work waits until a test answers it; imports need not. */
export class FakeRecordingWorker implements RecordingWorker {
  /** The one that was started last. */
  static latest: FakeRecordingWorker;
  readonly calls: FakeCall[] = [];
  isTerminated = false;
  private readonly importer: Importer;

  /** @default imports end at once */
  constructor(importer: Importer = async () => IMPORTED) {
    this.importer = importer;
    FakeRecordingWorker.latest = this;
  }

  /** The request that came last. */
  get latestCall(): FakeCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('there has been no request');
    return call;
  }

  call<Name extends RequestName>(
    name: Name,
    argument: RecordingRequests[Name]['argument'],
    { signal, onProgress }: CallOptions<RecordingRequests[Name]>,
  ): Promise<RecordingRequests[Name]['answer']> {
    if (name === 'import' && this.importer !== null) return this.importer(argument as ImportJob) as never;
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new CallError('aborted', `${name} was aborted`, '')));
      this.calls.push({
        name,
        argument,
        report: (progress) => onProgress?.(progress as never),
        answer: (answer) => resolve(answer as RecordingRequests[Name]['answer']),
        fail: reject,
      });
    });
  }

  /** Answers the separation that waits. */
  finishSeparation(): void {
    const { argument, answer } = this.latestCall;
    answer(separatedInto((argument as SeparationJob).names));
  }

  async terminate(): Promise<void> {
    this.isTerminated = true;
  }
}
