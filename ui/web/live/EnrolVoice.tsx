import { useEffect, useRef, useState } from 'preact/hooks';
import { presetName } from '../../../engine/model/PresetName.ts';
import type { Notices } from '../../model/Notices.ts';
import { OpenFileButton } from '../../recording/OpenFileButton.tsx';
import { WorkProgress } from '../../recording/WorkProgress.tsx';
import { useTexts } from '../../texts/useTexts.ts';
import { type DecodedSound, decodeFile } from '../sound/decodeFile.ts';
import type { KeptVoices } from '../storage/KeptVoices.ts';
import { WorkThread } from '../work/WorkThread.ts';
import { VoiceCapture } from './VoiceCapture.ts';

interface EnrolVoiceProps {
  readonly kept: KeptVoices;
  readonly notices: Notices;
}

type Enrolment =
  | { readonly phase: 'idle' }
  | { readonly phase: 'recording'; readonly seconds: number }
  | { readonly phase: 'learning'; readonly fraction: number };

const IDLE: Enrolment = { phase: 'idle' };

/** Teaches a new voice, from the microphone or a file of one person. */
export function EnrolVoice({ kept, notices }: EnrolVoiceProps) {
  const texts = useTexts();
  const [name, setName] = useState('');
  const [enrolment, setEnrolment] = useState<Enrolment>(IDLE);
  const capture = useRef<VoiceCapture | null>(null);
  const abortion = useRef(new AbortController());
  const thread = useRef<WorkThread>(null);
  thread.current ??= new WorkThread();
  useEffect(
    () => () => {
      abortion.current.abort();
      void capture.current?.close();
    },
    [],
  );
  const fail = (error: unknown) => {
    setEnrolment(IDLE);
    notices.problem(error);
  };
  /** @throws InputError if the name is invalid or taken: before the user speaks for nothing */
  const checkedName = () => {
    const checked = presetName(name.trim());
    kept.requireFree(checked);
    return checked;
  };
  const record = async () => {
    checkedName();
    setEnrolment({ phase: 'recording', seconds: 0 });
    capture.current = await VoiceCapture.start((seconds) => setEnrolment({ phase: 'recording', seconds }));
  };
  const learn = async (sound: DecodedSound) => {
    const voice = checkedName();
    const mine = new AbortController();
    abortion.current = mine;
    setEnrolment({ phase: 'learning', fraction: 0 });
    try {
      const { presetText, evidenceText } = await thread.current!.call(
        'enrol',
        { name: voice, ...sound },
        {
          signal: mine.signal,
          onProgress: ({ fraction }) => setEnrolment({ phase: 'learning', fraction }),
          transfer: sound.channels.map(({ buffer }) => buffer),
        },
      );
      await kept.add(presetText, evidenceText);
      setName('');
      notices.show(texts.web.learnt(voice));
    } catch (error) {
      if (!mine.signal.aborted) throw error;
    } finally {
      setEnrolment(IDLE);
    }
  };
  const stopAndLearn = async () => {
    const { current } = capture;
    capture.current = null;
    if (current === null) return;
    const { samples, sampleRateHertz } = await current.stop();
    await learn({ channels: [samples], sampleRateHertz });
  };
  const cancel = () => {
    abortion.current.abort();
    void capture.current?.close();
    capture.current = null;
    setEnrolment(IDLE);
  };
  const learnFile = async ([file]: readonly File[]) => {
    checkedName();
    if (file !== undefined) await learn(await decodeFile(file, file.name));
  };
  const { phase } = enrolment;
  return (
    <section aria-label={texts.web.newVoice}>
      <h2>{texts.web.newVoice}</h2>
      {phase === 'learning' ? (
        <WorkProgress label={texts.web.learningVoice} detail={name} progress={enrolment.fraction} onCancel={cancel} />
      ) : (
        <>
          <p class="live-hint dim">
            {phase === 'recording' ? texts.web.recorded(Math.floor(enrolment.seconds)) : texts.web.enrolAdvice}
          </p>
          <label class="labelled">
            <span>{texts.enrol.name}</span>
            <input
              type="text"
              maxLength={64}
              spellcheck={false}
              autocomplete="off"
              placeholder={texts.enrol.exampleName}
              disabled={phase === 'recording'}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <div class="live-buttons">
            {phase === 'recording' ? (
              <>
                <button type="button" class="button primary" onClick={() => void stopAndLearn().catch(fail)}>
                  {texts.web.stopAndLearn}
                </button>
                <button type="button" class="button" onClick={cancel}>
                  {texts.web.cancel}
                </button>
              </>
            ) : (
              <>
                <button type="button" class="button primary" onClick={() => void record().catch(fail)}>
                  {texts.web.record}
                </button>
                <OpenFileButton onFiles={(files) => void learnFile(files).catch(fail)}>
                  {texts.web.fromFile}
                </OpenFileButton>
              </>
            )}
          </div>
        </>
      )}
    </section>
  );
}
