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
import { PresetRow } from './PresetRow.tsx';

/** Preset library: search, load, import, export, rename, delete and restore. */
export function VoicesTab({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const unload = useUnload();
  const { files, notices } = usePanel();
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
      notices.show(`Imported ${await files.importPreset(text, isReplacing)}`);
    } catch (error) {
      const isTaken = error instanceof HostRefusal && error.kind === 'name-taken';
      const action = isTaken ? { label: 'Replace', run: () => void importText(text, true) } : null;
      notices.show(error instanceof Error ? error.message : String(error), 'problem', action);
    }
  };
  const importFiles = async (dropped: readonly File[]) => {
    for (const file of dropped) {
      if (file.size > MAXIMUM_PRESET_BYTES)
        notices.problem(`${file.name} is too large: presets have at most ${bytesText(MAXIMUM_PRESET_BYTES)}`);
      else await importText(await file.text(), false);
    }
  };
  const remove = (name: string) => {
    send({ type: 'deletePreset', preset: name });
    notices.show(`Deleted ${name}`, 'info', {
      label: 'Undo',
      run: () => send({ type: 'restorePreset', preset: name }),
    });
  };
  return (
    <DropZone label="Drop presets here to import them" onFiles={importFiles}>
      <div class="search">
        <input
          type="search"
          placeholder="Search voices"
          aria-label="Search voices"
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <button type="button" class="button" title="Import a preset file" onClick={() => picker.current?.click()}>
          <Icon name="upload" /> Import
        </button>
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          multiple
          hidden
          aria-label="Preset files"
          onChange={(event) => {
            void importFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      <ul class="presets" aria-label="Voices">
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
      {found.length === 0 ? <p class="empty">No matching voices.</p> : null}
      {deletedPresets.length === 0 ? null : (
        <section class="deleted" aria-label="Deleted">
          <h2>Deleted</h2>
          {deletedPresets.map((name) => (
            <div key={name} class="row">
              <span>{name}</span>
              <button type="button" class="button" onClick={() => send({ type: 'restorePreset', preset: name })}>
                Restore
              </button>
            </div>
          ))}
        </section>
      )}
    </DropZone>
  );
}
