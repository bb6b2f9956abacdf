import { useMemo, useRef, useState } from 'preact/hooks';
import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import { MAXIMUM_PRESET_BYTES } from '../../engine/model/Preset.ts';
import type { LiveState, SpeakerStrip } from '../../host/protocol/LiveState.ts';
import { bytesText } from '../base/numberText.ts';
import { DropZone } from '../controls/DropZone.tsx';
import { Icon } from '../controls/Icon.tsx';
import { HostRefusal } from '../link/HostRefusal.ts';
import { usePanel, useSend } from '../model/PanelContext.ts';
import { useUnload } from '../model/useUnload.ts';
import { useTexts } from '../texts/useTexts.ts';
import { PresetRow } from './PresetRow.tsx';

/** Preset library: search, load, import, export, rename, delete and restore. */
export function VoicesTab({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const unload = useUnload();
  const { files, notices } = usePanel();
  const { voices: texts, model } = useTexts();
  const [query, setQuery] = useState('');
  const picker = useRef<HTMLInputElement>(null);
  const { presets, deletedPresets, settings } = state;
  /** The first strip of each preset. */
  const loaded = new Map<string, SpeakerStrip>(settings.speakers.toReversed().map((strip) => [strip.preset, strip]));
  const found = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/);
    return presets.filter(({ name, notes }) => words.every((word) => `${name} ${notes}`.toLowerCase().includes(word)));
  }, [presets, query]);

  const importText = async (text: string, isReplacing: boolean) => {
    try {
      notices.show(texts.imported(await files.importPreset(text, isReplacing)));
    } catch (error) {
      const isTaken = error instanceof HostRefusal && error.kind === 'name-taken';
      const action = isTaken ? { label: texts.replace, run: () => void importText(text, true) } : null;
      notices.show(error instanceof Error ? error.message : String(error), 'problem', action);
    }
  };
  const importFiles = async (dropped: readonly File[]) => {
    for (const file of dropped) {
      if (file.size > MAXIMUM_PRESET_BYTES) notices.problem(texts.tooLarge(file.name, bytesText(MAXIMUM_PRESET_BYTES)));
      else await importText(await file.text(), false);
    }
  };
  const remove = (name: string) => {
    send({ type: 'deletePreset', preset: name });
    notices.show(model.deleted(name), 'info', {
      label: model.undo,
      run: () => send({ type: 'restorePreset', preset: name }),
    });
  };
  return (
    <DropZone label={texts.dropHere} onFiles={importFiles}>
      <div class="search">
        <input
          type="search"
          placeholder={texts.search}
          aria-label={texts.search}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <button type="button" class="button" title={texts.importHint} onClick={() => picker.current?.click()}>
          <Icon name="upload" /> {texts.import}
        </button>
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          multiple
          hidden
          aria-label={texts.fileField}
          onChange={(event) => {
            void importFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <ul class="presets" aria-label={texts.name}>
        {found.map((preset) => (
          <PresetRow
            key={preset.name}
            preset={preset}
            strip={loaded.get(preset.name) ?? null}
            canLoad={settings.speakers.length < MAXIMUM_SPEAKERS}
            onLoad={() => send({ type: 'loadPreset', voice: null, preset: preset.name })}
            onUnload={unload}
            onRename={(name) => send({ type: 'renamePreset', preset: preset.name, name })}
            onDelete={() => remove(preset.name)}
          />
        ))}
      </ul>
      {found.length === 0 ? <p class="empty">{texts.noneFound}</p> : null}
      {deletedPresets.length === 0 ? null : (
        <section class="deleted" aria-label={texts.deleted}>
          <h2>{texts.deleted}</h2>
          {deletedPresets.map((name) => (
            <div key={name} class="row">
              <span>{name}</span>
              <button type="button" class="button" onClick={() => send({ type: 'restorePreset', preset: name })}>
                {texts.restore}
              </button>
            </div>
          ))}
        </section>
      )}
    </DropZone>
  );
}
