import type { LiveState } from '../../host/protocol/LiveState.ts';
import { useSend } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';
import { OpenedRecording } from './OpenedRecording.tsx';
import { OpenFileButton } from './OpenFileButton.tsx';
import type { Uploading } from './useUpload.ts';
import { WorkProgress } from './WorkProgress.tsx';

/** Work on a recording: find its voices, correct where they speak, separate, listen and save. */
export function RecordingView({ state, uploading }: { readonly state: LiveState; readonly uploading: Uploading }) {
  const send = useSend();
  const texts = useTexts().recording;
  const { openRecording } = state;
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
        <OpenedRecording key={openRecording.id} recording={openRecording} presets={state.presets} onFiles={open} />
      )}
    </section>
  );
}
