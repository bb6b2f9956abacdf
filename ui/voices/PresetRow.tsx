import { useId, useState } from 'preact/hooks';
import type { ListedPreset, SpeakerStrip } from '../../host/protocol/LiveState.ts';
import { bytesText } from '../base/numberText.ts';
import { saveBlob } from '../base/saveBlob.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { usePanel } from '../model/PanelContext.ts';

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
  const [isRenaming, setRenaming] = useState(false);
  const factsId = useId();
  const { name, isOwn, problem } = preset;
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
          label={`New name for ${name}`}
          button="Rename"
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
            aria-label={isLoaded ? `Unload ${name}` : `Load ${name}`}
            aria-describedby={factsId}
            title={`${isLoaded ? 'Unload' : 'Load into the next slot'}. ${preset.templates} templates. ${preset.notes} ${preset.licence}`}
            disabled={problem !== null || (!isLoaded && !canLoad)}
            onClick={() => (strip === null ? onLoad() : onUnload(strip))}
          >
            <span class="preset-dot" aria-hidden="true" />
            <span class="preset-name">{name}</span>
          </button>
          <span id={factsId} class="preset-facts">
            {problem ?? factsText(preset)}
          </span>
          <div class="preset-tools">
            <button type="button" class="tool" aria-label={`Export ${name}`} title="Export" onClick={save}>
              <Icon name="download" />
            </button>
            {isOwn ? (
              <>
                <button
                  type="button"
                  class="tool"
                  aria-label={`Rename ${name}`}
                  title="Rename"
                  onClick={() => setRenaming(true)}
                >
                  <Icon name="pencil" />
                </button>
                <button
                  type="button"
                  class="tool"
                  aria-label={`Delete ${name}`}
                  title={isLoaded ? 'Unload before deleting' : 'Delete'}
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

const ORIGIN_TEXTS = {
  own: '',
  bundled: 'bundled, ',
  file: 'from a file, ',
  found: 'found in this session, ',
} as const;

function factsText({ origin, bytes, trainingSeconds }: ListedPreset): string {
  return `${ORIGIN_TEXTS[origin]}${Math.round(trainingSeconds)} s of speech, ${bytesText(bytes)}`;
}
