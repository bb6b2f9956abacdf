import { useEffect, useRef, useState } from 'preact/hooks';
import { bytesText } from '../../base/numberText.ts';
import { useStream } from '../../base/useStream.ts';
import { DropZone } from '../../controls/DropZone.tsx';
import { Icon } from '../../controls/Icon.tsx';
import type { Notices } from '../../model/Notices.ts';
import { useTexts } from '../../texts/useTexts.ts';
import { saveFiles } from '../sound/saveFiles.ts';
import type { BundledFiles } from '../storage/BundledFiles.ts';
import type { KeptVoices } from '../storage/KeptVoices.ts';
import type { LiveVoice } from './LiveSeparation.ts';

interface VoiceListProps {
  readonly kept: KeptVoices;
  readonly bundled: BundledFiles;
  /** Names of the voices that are loaded. */
  readonly loaded: readonly string[];
  readonly canLoad: boolean;
  readonly notices: Notices;
  readonly onToggle: (voice: LiveVoice) => void;
}

/** A preset or evidence file; the largest are far smaller. */
const MOST_BYTES = 2_000_000;
const EVIDENCE_FORMAT = /"format":\s*"unmingle-evidence"/;

/** The user's presets and the bundled ones: to load, export, delete and import. */
export function VoiceList({ kept, bundled, loaded, canLoad, notices, onToggle }: VoiceListProps) {
  const texts = useTexts();
  const own = useStream(kept.voices$) ?? kept.voices$.value;
  const [others, setOthers] = useState<readonly LiveVoice[]>([]);
  useEffect(() => {
    bundled
      .listing()
      .then(({ presets }) => Promise.all(presets.map((name) => bundled.voice(name))))
      .then(setOthers, (error: unknown) => notices.problem(error));
  }, [bundled, notices]);
  const picker = useRef<HTMLInputElement>(null);
  const open = (files: readonly File[]) =>
    void importFiles(kept, files, texts.voices.tooLarge).then(
      (names) => {
        for (const name of names) notices.show(texts.voices.imported(name));
      },
      (error: unknown) => notices.problem(error),
    );
  const report = (done: Promise<unknown>) => void done.catch((error) => notices.problem(error));
  return (
    <section aria-label={texts.voices.name}>
      <DropZone label={texts.voices.dropHere} onFiles={open}>
        <div class="live-heading">
          <h2>{texts.voices.name}</h2>
          <button type="button" class="button" title={texts.voices.importHint} onClick={() => picker.current?.click()}>
            {texts.voices.import}
          </button>
          <input
            ref={picker}
            type="file"
            accept=".json"
            multiple
            hidden
            aria-label={texts.voices.fileField}
            onChange={(event) => {
              open([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
        </div>
        {kept.isLasting ? null : <p class="live-hint">{texts.web.notLasting}</p>}
        <ul class="live-voices">
          {[...own, ...others].map((voice) => {
            const { name, training } = voice.parsed;
            const isOwn = own.some((each) => each === voice);
            const isLoaded = loaded.includes(name);
            const facts = isOwn ? texts.web.ownFacts : texts.web.bundledFacts;
            return (
              <li key={`${isOwn} ${name}`} class="preset" data-loaded={isLoaded}>
                <button
                  type="button"
                  class="preset-load"
                  aria-pressed={isLoaded}
                  aria-label={isLoaded ? texts.voices.unload(name) : texts.voices.load(name)}
                  disabled={!isLoaded && !canLoad}
                  onClick={() => onToggle(voice)}
                >
                  <span class="preset-dot" aria-hidden="true" />
                  <span class="preset-name">{name}</span>
                </button>
                <span class="preset-facts">{facts(Math.round(training?.speechSeconds ?? 0))}</span>
                <div class="preset-tools">
                  <button
                    type="button"
                    class="tool"
                    aria-label={texts.voices.exportPreset(name)}
                    title={texts.voices.export}
                    onClick={() => report(saveFiles(filesOf(voice)))}
                  >
                    <Icon name="download" />
                  </button>
                  {isOwn ? (
                    <button
                      type="button"
                      class="tool"
                      aria-label={texts.voices.deletePreset(name)}
                      title={isLoaded ? texts.voices.deleteLoaded : texts.web.delete}
                      disabled={isLoaded}
                      onClick={() => report(removed(voice))}
                    >
                      <Icon name="bin" />
                    </button>
                  ) : null}
                </div>
              </li>
            );
          })}
        </ul>
      </DropZone>
    </section>
  );

  /** Deletes a preset, and offers to restore it. */
  async function removed({ preset, evidence, parsed }: LiveVoice): Promise<void> {
    await kept.remove(parsed.name);
    notices.show(`${texts.voices.deleted} ${parsed.name}`, 'info', {
      label: texts.voices.restore,
      run: () => report(kept.add(preset, evidence)),
    });
  }
}

function filesOf({ parsed: { name }, preset, evidence }: LiveVoice) {
  const file = (ending: string, text: string) => ({
    name: `${name}.${ending}.json`,
    content: async () => new Blob([text], { type: 'application/json' }),
  });
  return [file('unmingle', preset), ...(evidence === null ? [] : [file('evidence', evidence)])];
}

/**
 * Adds preset files; an evidence file among them goes to the preset of its name.
 * @returns names of the presets @throws InputError for a file that is invalid, too large, or whose name is taken
 */
async function importFiles(
  kept: KeptVoices,
  files: readonly File[],
  tooLarge: (file: string, most: string) => string,
): Promise<string[]> {
  const large = files.find(({ size }) => size > MOST_BYTES);
  if (large !== undefined) throw new Error(tooLarge(large.name, bytesText(MOST_BYTES)));
  const texts = await Promise.all(files.map(async (file) => ({ stem: stemOf(file.name), text: await file.text() })));
  const evidence = new Map(
    texts.filter(({ text }) => EVIDENCE_FORMAT.test(text)).map(({ stem, text }) => [stem, text]),
  );
  const names: string[] = [];
  for (const { stem, text } of texts) {
    if (EVIDENCE_FORMAT.test(text)) continue;
    names.push((await kept.add(text, evidence.get(stem) ?? null)).parsed.name);
  }
  return names;
}

function stemOf(fileName: string): string {
  return fileName.replace(/\.(unmingle|evidence)\.json$/, '');
}
