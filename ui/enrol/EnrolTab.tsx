import { useRef, useState } from 'preact/hooks';
import type { EnrolmentFile, EnrolmentState, LiveState } from '../../host/protocol/LiveState.ts';
import { percentText, significantText } from '../base/numberText.ts';
import { SOUND_FILES } from '../base/soundFiles.ts';
import { DropZone } from '../controls/DropZone.tsx';
import { Icon } from '../controls/Icon.tsx';
import { mostSimilarVoice } from '../model/mostSimilarVoice.ts';
import { usePanel, useSend } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';
import { LevelBar } from './LevelBar.tsx';
import { StartEnrolment } from './StartEnrolment.tsx';

/** Minimum speech for training. */
const MINIMUM_SECONDS = 3;
/** Recommended amount of speech. */
const GOOD_SECONDS = 20;
/** More speech than this brings no improvement. */
const FULL_SECONDS = 60;

/** Enrolment of a new voice. Separation continues in the meantime. */
export function EnrolTab({ state }: { readonly state: LiveState }) {
  const { files, notices } = usePanel();
  const send = useSend();
  const texts = useTexts().enrol;
  const picker = useRef<HTMLInputElement>(null);
  const { enrolment } = state;
  const [isClean, setClean] = useState(false);
  const addFiles = async (dropped: readonly File[]) => {
    for (const file of dropped) {
      try {
        await files.addEnrolmentFile(file);
        notices.show(texts.added(file.name));
      } catch (error) {
        notices.problem(error);
      }
    }
  };
  if (enrolment === null || enrolment.phase === 'done') {
    return (
      <div class="enrol">
        {enrolment === null ? null : <Done enrolment={enrolment} state={state} />}
        <StartEnrolment
          isDemo={state.settings.backend === 'file' && state.settings.input === null}
          onMicrophone={() => send({ type: 'setDevices', backend: null, input: null })}
          onStart={(name, source) => send({ type: 'startEnrolment', name, source })}
        />
      </div>
    );
  }
  const train = () => send({ type: 'trainEnrolment', isClean: isClean && enrolment.canClean });
  const isGathering = enrolment.phase === 'recording' || enrolment.phase === 'ready';
  return (
    <DropZone label={texts.dropHere(enrolment.name)} onFiles={addFiles}>
      <div class="enrol">
        <h2>{enrolment.name}</h2>
        {isGathering ? (
          <>
            <Gathered enrolment={enrolment} />
            {enrolment.phase === 'recording' ? <LevelBar /> : null}
            <Files files={enrolment.files} onRemove={(name) => send({ type: 'removeEnrolmentFile', name })} />
            <Hints hints={enrolment.hints} />
            {enrolment.canClean ? (
              <label class="check">
                <input type="checkbox" checked={isClean} onChange={(event) => setClean(event.currentTarget.checked)} />{' '}
                {texts.leaveOutParts}
              </label>
            ) : null}
            <div class="buttons">
              {enrolment.phase === 'ready' ? (
                <button type="button" class="button" onClick={() => picker.current!.click()}>
                  <Icon name="upload" /> {texts.addFiles}
                </button>
              ) : null}
              <button
                type="button"
                class="button primary"
                disabled={enrolment.speechSeconds < MINIMUM_SECONDS}
                onClick={train}
              >
                {enrolment.phase === 'recording' ? texts.stopAndTrain : texts.train}
              </button>
            </div>
            <input
              ref={picker}
              type="file"
              accept={SOUND_FILES}
              multiple
              hidden
              aria-label={texts.fileField}
              onChange={(event) => {
                void addFiles([...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = '';
              }}
            />
          </>
        ) : null}
        {enrolment.phase === 'training' ? <Training enrolment={enrolment} /> : null}
        {enrolment.message === null ? null : <p class="problem-text">{enrolment.message}</p>}
        {enrolment.phase === 'failed' ? (
          <Files files={enrolment.files} onRemove={(name) => send({ type: 'removeEnrolmentFile', name })} />
        ) : null}
        {enrolment.phase === 'failed' ? (
          <button type="button" class="button primary" onClick={train}>
            {texts.tryAgain}
          </button>
        ) : null}
        <button type="button" class="button" onClick={() => send({ type: 'cancelEnrolment' })}>
          {enrolment.phase === 'failed' ? texts.close : texts.cancel}
        </button>
      </div>
    </DropZone>
  );
}

interface FilesProps {
  readonly files: readonly EnrolmentFile[];
  readonly onRemove: (name: string) => void;
}

/** What the voice is trained from. */
function Files({ files, onRemove }: FilesProps) {
  const texts = useTexts().enrol;
  if (files.length === 0) return null;
  return (
    <ul class="enrolment-files" aria-label={texts.files}>
      {files.map(({ name, speechSeconds }) => (
        <li key={name} class="row">
          <span>
            {name} <small class="dim">{texts.speechInFile(Math.round(speechSeconds))}</small>
          </span>
          <button
            type="button"
            class="tool"
            aria-label={texts.removeFile(name)}
            title={texts.remove}
            onClick={() => onRemove(name)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Hints({ hints }: { readonly hints: readonly string[] }) {
  return (
    <ul class="hints" aria-live="polite">
      {hints.map((hint) => (
        <li key={hint}>{hint}</li>
      ))}
    </ul>
  );
}

function Gathered({ enrolment }: { readonly enrolment: EnrolmentState }) {
  const texts = useTexts().enrol;
  const { speechSeconds, recordedSeconds, phase } = enrolment;
  const { enough, more, little } = texts.gathered;
  const judgement = speechSeconds >= GOOD_SECONDS ? enough : speechSeconds >= MINIMUM_SECONDS ? more : little;
  return (
    <div class="gathered" data-enough={speechSeconds >= GOOD_SECONDS}>
      <div class="big">
        <strong>{Math.floor(speechSeconds)}</strong> {judgement}
      </div>
      <div
        class="progress"
        role="progressbar"
        aria-label={texts.speechGathered}
        aria-valuemin={0}
        aria-valuemax={FULL_SECONDS}
        aria-valuenow={Math.round(speechSeconds)}
        style={{ '--share': Math.min(1, speechSeconds / FULL_SECONDS), '--mark': GOOD_SECONDS / FULL_SECONDS }}
      >
        <div class="progress-fill" />
        <div class="progress-mark" title={`${GOOD_SECONDS} s`} />
      </div>
      <p class="dim">
        {phase === 'recording' ? texts.recordingInput(Math.round(recordedSeconds)) : texts.addRecordings}
      </p>
    </div>
  );
}

function Training({ enrolment: { progress, remainingSeconds, loss } }: { readonly enrolment: EnrolmentState }) {
  const texts = useTexts().enrol;
  return (
    <div class="training">
      <div
        class="progress"
        role="progressbar"
        aria-label={texts.training}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(progress * 100)}
        style={{ '--share': progress }}
      >
        <div class="progress-fill" />
      </div>
      <dl class="pairs">
        <dt>{texts.training}</dt>
        <dd>{percentText(progress)}</dd>
        <dt>{texts.timeLeft}</dt>
        <dd>{remainingSeconds === null ? '–' : `${Math.ceil(remainingSeconds)} s`}</dd>
        <dt>{texts.loss}</dt>
        <dd>{loss === null ? '–' : significantText(loss)}</dd>
      </dl>
    </div>
  );
}

function Done({ enrolment, state }: { readonly enrolment: EnrolmentState; readonly state: LiveState }) {
  const texts = useTexts().enrol;
  const similar = mostSimilarVoice(state, enrolment.name);
  return (
    <div class="done">
      <h2>{texts.ready(enrolment.name)}</h2>
      <Hints hints={enrolment.hints} />
      {enrolment.message === null ? null : <p class="dim">{enrolment.message}</p>}
      {similar === null ? null : (
        <p>
          {texts.similarity(similar.name, percentText(similar.similarity))} {similar.words}
        </p>
      )}
    </div>
  );
}
