import { useState } from 'preact/hooks';
import { MAXIMUM_RECORDING_VOICES, type OpenRecording } from '../../host/protocol/recordingState.ts';
import { Icon } from '../controls/Icon.tsx';
import { useTexts } from '../texts/useTexts.ts';
import { OpenFileButton } from './OpenFileButton.tsx';
import { type SavedFile, useDesk } from './RecordingDesk.ts';
import { lengthText } from './timeText.ts';
import { WorkProgress } from './WorkProgress.tsx';

/** Numbers of voices to choose from; with one there is nothing to separate. */
const COUNTS = Array.from({ length: MAXIMUM_RECORDING_VOICES - 1 }, (_, index) => String(index + 2));

/** Ending of the files of tracks. */
export type TrackFileFormat = (typeof TRACK_FILE_FORMATS)[number];
const TRACK_FILE_FORMATS = ['wav', 'flac'] as const;

interface RecordingBarProps {
  readonly recording: OpenRecording;
  readonly hasSegments: boolean;
  /** Whether there are tracks and presets of the present voices. */
  readonly hasTracks: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  /** Of saved tracks. */
  readonly format: TrackFileFormat;
  readonly onFormat: (format: TrackFileFormat) => void;
  /** Saves the tracks of all voices and the rest. */
  readonly onSaveTracks: () => void;
}

/** Name of the open recording, the steps of the work on it, and exports. */
export function RecordingBar(props: RecordingBarProps) {
  const { recording, hasSegments, hasTracks, onFiles, format, onFormat, onSaveTracks } = props;
  const { recordings, notices, send, save } = useDesk();
  const texts = useTexts().recording;
  const { id, name, phase, voices, canUndo, canRedo } = recording;
  const isReady = phase === 'ready';
  const saveAll = (files: readonly SavedFile[]) => void save(files).catch((error) => notices.problem(error));
  const close = () => {
    const run = () => send({ type: 'closeRecording' });
    if (voices.length === 0) run();
    else notices.show(texts.discards(name), 'problem', { label: texts.discard, run });
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
          label={texts.work[phase]}
          detail={recording.detail}
          progress={recording.progress}
          onCancel={() => send({ type: 'cancelRecording' })}
        />
      )}
      <div class="recording-tools">
        <button
          type="button"
          class="tool"
          aria-label={texts.undo}
          title={texts.undoHint}
          disabled={!isReady || !canUndo}
          onClick={() => send({ type: 'undoRecording' })}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          class="tool"
          aria-label={texts.redo}
          title={texts.redoHint}
          disabled={!isReady || !canRedo}
          onClick={() => send({ type: 'redoRecording' })}
        >
          <Icon name="redo" />
        </button>
        <fieldset class="exports" aria-label={texts.exports}>
          <button type="button" class="button" disabled={!hasTracks} onClick={onSaveTracks}>
            <Icon name="download" /> {texts.tracks}
          </button>
          <select
            class="track-format"
            aria-label={texts.trackFormat}
            title={texts.trackFormat}
            value={format}
            disabled={!hasTracks}
            onChange={(event) => {
              const chosen = TRACK_FILE_FORMATS.find((each) => each === event.currentTarget.value);
              if (chosen !== undefined) onFormat(chosen);
            }}
          >
            {TRACK_FILE_FORMATS.map((each) => (
              <option key={each} value={each}>
                {each.toUpperCase()}
              </option>
            ))}
          </select>
          <button
            type="button"
            class="button"
            title={texts.labelsHint}
            disabled={!hasSegments}
            onClick={() => saveAll([{ name: `${stem(name)}.labels.txt`, content: () => recordings.labels(id) }])}
          >
            {texts.labels}
          </button>
          <button
            type="button"
            class="button"
            title={texts.presetsHint}
            disabled={!hasTracks}
            onClick={() =>
              saveAll(
                voices.map((each, voice) => ({
                  name: `${each.name}.unmingle.json`,
                  content: () => recordings.preset(id, voice),
                })),
              )
            }
          >
            {texts.presets}
          </button>
        </fieldset>
      </div>
      <div class="recording-files">
        <OpenFileButton onFiles={onFiles}>{texts.open}</OpenFileButton>
        <button type="button" class="tool" aria-label={texts.closeRecording} title={texts.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
    </div>
  );
}

/** Finding and separating voices. */
function Steps({ recording, hasSegments }: { readonly recording: OpenRecording; readonly hasSegments: boolean }) {
  const { send } = useDesk();
  const texts = useTexts().recording;
  const [count, setCount] = useState('');
  const { voices, tracks } = recording;
  const isFirst = voices.length === 0;
  const needsSeparation = hasSegments && tracks !== 'current';
  return (
    <div class="steps">
      <button
        type="button"
        class={isFirst ? 'button primary' : 'button'}
        title={texts.findVoicesHint}
        onClick={() => send({ type: 'findVoices', voices: count === '' ? null : Number(count) })}
      >
        {texts.findVoices}
      </button>
      <select
        class="voice-count"
        aria-label={texts.voiceCount}
        title={texts.voiceCountHint}
        value={count}
        onChange={(event) => setCount(event.currentTarget.value)}
      >
        <option value="">{texts.automaticCount}</option>
        {COUNTS.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      <button
        type="button"
        class={needsSeparation ? 'button primary' : 'button'}
        title={texts.separateHint}
        disabled={!hasSegments}
        onClick={() => send({ type: 'separateRecording' })}
      >
        {texts.separate}
      </button>
      <AddVoice voices={voices.map(({ name }) => name)} />
    </div>
  );
}

function AddVoice({ voices }: { readonly voices: readonly string[] }) {
  const { send } = useDesk();
  const texts = useTexts().recording;
  // Named as the host names the voices that it finds, in any language.
  const free = Array.from({ length: voices.length + 1 }, (_, index) => `voice-${index + 1}`);
  const name = free.find((each) => !voices.includes(each)) ?? 'voice';
  return (
    <button
      type="button"
      class="button"
      title={texts.addVoiceHint}
      disabled={voices.length >= MAXIMUM_RECORDING_VOICES}
      onClick={() => send({ type: 'editRecording', edit: { type: 'addVoice', name } })}
    >
      <Icon name="plus" /> {texts.addVoice}
    </button>
  );
}

/** A file name without its ending. */
export function stem(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, '');
}
