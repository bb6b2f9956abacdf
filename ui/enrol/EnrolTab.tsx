import { useRef, useState } from 'preact/hooks';
import type { EnrolmentFile, EnrolmentState, LiveState } from '../../host/protocol/LiveState.ts';
import { percentText } from '../base/numberText.ts';
import { DropZone } from '../controls/DropZone.tsx';
import { Icon } from '../controls/Icon.tsx';
import { usePanel, useSend } from '../model/PanelContext.ts';
import { separability } from '../model/separability.ts';
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
  const picker = useRef<HTMLInputElement>(null);
  const { enrolment } = state;
  const [isClean, setClean] = useState(false);
  const addFiles = async (dropped: readonly File[]) => {
    for (const file of dropped) {
      try {
        await files.addEnrolmentFile(file);
        notices.show(`Added ${file.name}`);
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
    <DropZone label={`Drop recordings of ${enrolment.name} here`} onFiles={addFiles}>
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
                Leave out parts with other voices, music or noise
              </label>
            ) : null}
            <div class="buttons">
              {enrolment.phase === 'ready' ? (
                <button type="button" class="button" onClick={() => picker.current!.click()}>
                  <Icon name="upload" /> Add files
                </button>
              ) : null}
              <button
                type="button"
                class="button primary"
                disabled={enrolment.speechSeconds < MINIMUM_SECONDS}
                onClick={train}
              >
                {enrolment.phase === 'recording' ? 'Stop and train' : 'Train'}
              </button>
            </div>
            <input
              ref={picker}
              type="file"
              accept="audio/*,.wav,.flac,.ogg,.oga,.opus,.mp3"
              multiple
              hidden
              aria-label="Recordings"
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
            Try again
          </button>
        ) : null}
        <button type="button" class="button" onClick={() => send({ type: 'cancelEnrolment' })}>
          {enrolment.phase === 'failed' ? 'Close' : 'Cancel'}
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
  if (files.length === 0) return null;
  return (
    <ul class="enrolment-files" aria-label="Files">
      {files.map(({ name, speechSeconds }) => (
        <li key={name} class="row">
          <span>
            {name} <small class="dim">{Math.round(speechSeconds)} s of speech</small>
          </span>
          <button
            type="button"
            class="tool"
            aria-label={`Remove ${name}`}
            title="Remove"
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
  const { speechSeconds, recordedSeconds, phase } = enrolment;
  const judgement =
    speechSeconds >= GOOD_SECONDS ? 'enough' : speechSeconds >= MINIMUM_SECONDS ? 'more is better' : 'not enough yet';
  return (
    <div class="gathered" data-enough={speechSeconds >= GOOD_SECONDS}>
      <div class="big">
        <strong>{Math.floor(speechSeconds)}</strong> s of speech, {judgement}
      </div>
      <div
        class="progress"
        role="progressbar"
        aria-label="Speech gathered"
        aria-valuemin={0}
        aria-valuemax={FULL_SECONDS}
        aria-valuenow={Math.round(speechSeconds)}
        style={{ '--share': Math.min(1, speechSeconds / FULL_SECONDS), '--mark': GOOD_SECONDS / FULL_SECONDS }}
      >
        <div class="progress-fill" />
        <div class="progress-mark" title={`${GOOD_SECONDS} s`} />
      </div>
      <p class="dim">
        {phase === 'recording'
          ? `Recording the input: ${Math.round(recordedSeconds)} s`
          : 'Add recordings or drop them here'}
      </p>
    </div>
  );
}

function Training({ enrolment: { progress, remainingSeconds, loss } }: { readonly enrolment: EnrolmentState }) {
  return (
    <div class="training">
      <div
        class="progress"
        role="progressbar"
        aria-label="Training"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(progress * 100)}
        style={{ '--share': progress }}
      >
        <div class="progress-fill" />
      </div>
      <dl class="pairs">
        <dt>Training</dt>
        <dd>{percentText(progress)}</dd>
        <dt>Time left</dt>
        <dd>{remainingSeconds === null ? '–' : `${Math.ceil(remainingSeconds)} s`}</dd>
        <dt>Loss</dt>
        <dd>{loss === null ? '–' : loss.toPrecision(3)}</dd>
      </dl>
    </div>
  );
}

function Done({ enrolment, state }: { readonly enrolment: EnrolmentState; readonly state: LiveState }) {
  const score = separability(state, enrolment.name);
  return (
    <div class="done">
      <h2>{enrolment.name} is ready</h2>
      <Hints hints={enrolment.hints} />
      {enrolment.message === null ? null : <p class="dim">{enrolment.message}</p>}
      {score === null ? null : (
        <p>
          Separability <strong>{percentText(score.share)}</strong> from {score.other}, the most similar loaded voice.{' '}
          {score.words}
        </p>
      )}
    </div>
  );
}
