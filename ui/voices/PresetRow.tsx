import { useId, useState } from 'preact/hooks';
import type { ListedPreset, SpeakerStrip } from '../../host/protocol/LiveState.ts';
import { bytesText } from '../base/numberText.ts';
import { saveBlob } from '../base/saveBlob.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { usePanel } from '../model/PanelContext.ts';
import type { Texts } from '../texts/catalogue.ts';
import { useTexts } from '../texts/useTexts.ts';

interface PresetRowProps {
  readonly preset: ListedPreset;
  /** The strip into which the preset is loaded; null: it is not loaded. */
  readonly strip: SpeakerStrip | null;
  readonly canLoad: boolean;
  readonly onLoad: () => void;
  readonly onUnload: (strip: SpeakerStrip) => void;
  readonly onRename: (name: string) => void;
  readonly onDelete: () => void;
}

/** One preset of the library: load, export, and for the user's own presets rename and delete. */
export function PresetRow({ preset, strip, canLoad, onLoad, onUnload, onRename, onDelete }: PresetRowProps) {
  const { files, notices } = usePanel();
  const texts = useTexts().voices;
  const [isRenaming, setRenaming] = useState(false);
  const factsId = useId();
  const { name, isOwn, problem, templates, notes, licence } = preset;
  const isLoaded = strip !== null;
  const save = async () => {
    try {
      const text = await files.preset(name);
      saveBlob(`${name}.unmingle.json`, new Blob([text], { type: 'application/json' }));
    } catch (error) {
      notices.problem(error);
    }
  };
  return (
    <li class="preset" data-loaded={isLoaded} style={{ '--speaker': strip?.colour ?? 'var(--line-strong)' }}>
      {isRenaming ? (
        <NameForm
          label={texts.newName(name)}
          button={texts.rename}
          initial={name}
          onSubmit={(next) => {
            if (next !== name) onRename(next);
            setRenaming(false);
          }}
          onCancel={() => setRenaming(false)}
        />
      ) : (
        <>
          <button
            type="button"
            class="preset-load"
            aria-pressed={isLoaded}
            aria-label={isLoaded ? texts.unload(name) : texts.load(name)}
            aria-describedby={factsId}
            title={(isLoaded ? texts.unloadHint : texts.loadHint)(templates, notes, licence)}
            disabled={problem !== null || (!isLoaded && !canLoad)}
            onClick={() => (strip === null ? onLoad() : onUnload(strip))}
          >
            <span class="preset-dot" aria-hidden="true" />
            <span class="preset-name">{name}</span>
          </button>
          <span id={factsId} class="preset-facts">
            {problem ?? factsText(preset, texts)}
          </span>
          <div class="preset-tools">
            <button
              type="button"
              class="tool"
              aria-label={texts.exportPreset(name)}
              title={texts.export}
              onClick={save}
            >
              <Icon name="download" />
            </button>
            {isOwn ? (
              <>
                <button
                  type="button"
                  class="tool"
                  aria-label={texts.renamePreset(name)}
                  title={texts.rename}
                  onClick={() => setRenaming(true)}
                >
                  <Icon name="pencil" />
                </button>
                <button
                  type="button"
                  class="tool"
                  aria-label={texts.deletePreset(name)}
                  title={isLoaded ? texts.deleteLoaded : texts.delete}
                  disabled={isLoaded}
                  onClick={onDelete}
                >
                  <Icon name="bin" />
                </button>
              </>
            ) : null}
          </div>
        </>
      )}
    </li>
  );
}

function factsText({ origin, bytes, trainingSeconds }: ListedPreset, texts: Texts['voices']): string {
  return texts.facts[origin](Math.round(trainingSeconds), bytesText(bytes));
}
