import type { ListedPreset } from '../../host/protocol/LiveState.ts';
import type { OpenRecording } from '../../host/protocol/recordingState.ts';
import { useTexts } from '../texts/useTexts.ts';
import { OpenedRecording } from './OpenedRecording.tsx';
import { OpenFileButton } from './OpenFileButton.tsx';
import { useDesk } from './RecordingDesk.ts';
import type { Uploading } from './useUpload.ts';
import { WorkProgress } from './WorkProgress.tsx';

interface RecordingViewProps {
  /** null: none is open */
  readonly openRecording: OpenRecording | null;
  /** Those of the library. */
  readonly presets: readonly Pick<ListedPreset, 'name'>[];
  readonly uploading: Uploading;
}

/** Work on a recording: find its voices, correct where they speak, separate, listen and save. */
export function RecordingView({ openRecording, presets, uploading }: RecordingViewProps) {
  const { send } = useDesk();
  const texts = useTexts().recording;
  const { upload, open, cancel } = uploading;
  return (
    <section class="recording" id="recording" tabIndex={-1} aria-label={texts.name}>
      {upload !== null ? (
        <div class="recording-empty">
          <WorkProgress label={texts.opening} detail={upload.name} progress={upload.progress} onCancel={cancel} />
        </div>
      ) : openRecording === null ? (
        <div class="recording-empty">
          <div class="open-zone">
            <p>{texts.dropHere}</p>
            <OpenFileButton isPrimary onFiles={open}>
              {texts.open}
            </OpenFileButton>
          </div>
        </div>
      ) : openRecording.seconds === 0 ? (
        <div class="recording-empty">
          {openRecording.problem !== null ? (
            <div class="open-zone" role="alert">
              <p>{openRecording.problem}</p>
              <OpenFileButton isPrimary onFiles={open}>
                {texts.openAnother}
              </OpenFileButton>
            </div>
          ) : (
            <WorkProgress
              label={texts.work.importing}
              detail={openRecording.name}
              progress={openRecording.progress}
              onCancel={() => send({ type: 'cancelRecording' })}
            />
          )}
        </div>
      ) : (
        <OpenedRecording key={openRecording.id} recording={openRecording} presets={presets} onFiles={open} />
      )}
    </section>
  );
}
