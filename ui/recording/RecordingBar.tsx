import { useState } from 'preact/hooks';
import { MAXIMUM_RECORDING_VOICES, type OpenRecording } from '../../host/protocol/recordingState.ts';
import { saveBlob } from '../base/saveBlob.ts';
import { Icon } from '../controls/Icon.tsx';
import { usePanel, useSend } from '../model/PanelContext.ts';
import { OpenFileButton } from './OpenFileButton.tsx';
import { lengthText } from './timeText.ts';
import { WorkProgress } from './WorkProgress.tsx';

const WORK_LABELS = { importing: 'Reading', finding: 'Finding voices', separating: 'Separating' } as const;
/** Numbers of voices to choose from; with one there is nothing to separate. */
const COUNTS = Array.from({ length: MAXIMUM_RECORDING_VOICES - 1 }, (_, index) => String(index + 2));

interface RecordingBarProps {
  readonly recording: OpenRecording;
  readonly hasSegments: boolean;
  /** Whether there are tracks and presets of the present voices. */
  readonly hasTracks: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  /** Saves the tracks of all voices and the rest. */
  readonly onSaveTracks: () => void;
}

/** Name of the open recording, the steps of the work on it, and exports. */
export function RecordingBar({ recording, hasSegments, hasTracks, onFiles, onSaveTracks }: RecordingBarProps) {
  const send = useSend();
  const { recordings, notices } = usePanel();
  const { id, name, phase, voices, canUndo, canRedo } = recording;
  const isReady = phase === 'ready';
  const save = (fileName: string, blob: Promise<Blob>) => {
    blob.then((content) => saveBlob(fileName, content)).catch((error) => notices.problem(error));
  };
  const close = () => {
    const run = () => send({ type: 'closeRecording' });
    if (voices.length === 0) run();
    else notices.show(`Closing ${name} discards its voices and tracks.`, 'problem', { label: 'Close', run });
  };
  return (
    <div class="recording-bar">
      <div class="recording-name">
        <strong title={name}>{name}</strong>
        {recording.seconds > 0 ? <span class="dim">{lengthText(recording.seconds)}</span> : null}
      </div>
      {phase === 'ready' ? (
        <Steps recording={recording} hasSegments={hasSegments} />
      ) : (
        <WorkProgress
          label={WORK_LABELS[phase]}
          detail={recording.detail}
          progress={recording.progress}
          onCancel={() => send({ type: 'cancelRecording' })}
        />
      )}
      <div class="recording-tools">
        <button
          type="button"
          class="tool"
          aria-label="Undo the last change"
          title="Undo (Ctrl+Z)"
          disabled={!isReady || !canUndo}
          onClick={() => send({ type: 'undoRecording' })}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          class="tool"
          aria-label="Redo"
          title="Redo (Ctrl+Shift+Z)"
          disabled={!isReady || !canRedo}
          onClick={() => send({ type: 'redoRecording' })}
        >
          <Icon name="redo" />
        </button>
        <fieldset class="exports" aria-label="Save">
          <button type="button" class="button" disabled={!hasTracks} onClick={onSaveTracks}>
            <Icon name="download" /> Tracks
          </button>
          <button
            type="button"
            class="button"
            title="Segments as a label file of Audacity"
            disabled={!hasSegments}
            onClick={() => save(`${stem(name)}.labels.txt`, recordings.labels(id))}
          >
            Labels
          </button>
          <button
            type="button"
            class="button"
            title="The voices that were learnt, as preset files"
            disabled={!hasTracks}
            onClick={() => {
              for (const [voice, each] of voices.entries()) {
                save(`${each.name}.unmingle.json`, recordings.preset(id, voice));
              }
            }}
          >
            Presets
          </button>
        </fieldset>
      </div>
      <div class="recording-files">
        <OpenFileButton onFiles={onFiles}>Open…</OpenFileButton>
        <button type="button" class="tool" aria-label="Close the recording" title="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
    </div>
  );
}

/** Finding and separating voices. */
function Steps({ recording, hasSegments }: { readonly recording: OpenRecording; readonly hasSegments: boolean }) {
  const send = useSend();
  const [count, setCount] = useState('');
  const { voices, tracks } = recording;
  const isFirst = voices.length === 0;
  const needsSeparation = hasSegments && tracks !== 'current';
  return (
    <div class="steps">
      <button
        type="button"
        class={isFirst ? 'button primary' : 'button'}
        title="Find out who speaks when. Replaces the present segments."
        onClick={() => send({ type: 'findVoices', voices: count === '' ? null : Number(count) })}
      >
        Find voices
      </button>
      <select
        class="voice-count"
        aria-label="Number of voices"
        title="Number of voices; auto: found by itself"
        value={count}
        onChange={(event) => setCount(event.currentTarget.value)}
      >
        <option value="">auto</option>
        {COUNTS.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      <button
        type="button"
        class={needsSeparation ? 'button primary' : 'button'}
        title="Learn each voice from where it speaks alone, and write a track of each"
        disabled={!hasSegments}
        onClick={() => send({ type: 'separateRecording' })}
      >
        Separate
      </button>
      <AddVoice voices={voices.map(({ name }) => name)} />
    </div>
  );
}

function AddVoice({ voices }: { readonly voices: readonly string[] }) {
  const send = useSend();
  const free = Array.from({ length: voices.length + 1 }, (_, index) => `voice-${index + 1}`);
  const name = free.find((each) => !voices.includes(each)) ?? 'voice';
  return (
    <button
      type="button"
      class="button"
      title="Add a voice without segments"
      disabled={voices.length >= MAXIMUM_RECORDING_VOICES}
      onClick={() => send({ type: 'editRecording', edit: { type: 'addVoice', name } })}
    >
      <Icon name="plus" /> Voice
    </button>
  );
}

/** A file name without its ending. */
export function stem(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, '');
}
