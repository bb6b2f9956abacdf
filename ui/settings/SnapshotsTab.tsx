import { useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { usePanel, useSend } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';

/** Saves, recalls and deletes snapshots: speakers and settings under a name. */
export function SnapshotsTab({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const { notices } = usePanel();
  const { settings, model } = useTexts();
  const texts = settings.snapshots;
  /** A name that is taken, and waits for the user's decision. */
  const [taken, setTaken] = useState<string | null>(null);
  const save = (name: string) => {
    send({ type: 'saveSnapshot', name });
    setTaken(null);
  };
  const remove = (name: string) => {
    send({ type: 'deleteSnapshot', name });
    notices.show(model.deleted(name), 'info', {
      label: model.undo,
      run: () => send({ type: 'restoreSnapshot', name }),
    });
  };
  return (
    <div class="snapshots">
      <h2>{texts.name}</h2>
      <p class="dim">{texts.about}</p>
      <NameForm
        label={texts.nameField}
        placeholder={texts.namePlaceholder}
        button={texts.save}
        onSubmit={(name) => (state.snapshots.includes(name.normalize('NFC')) ? setTaken(name) : save(name))}
      />
      {taken === null ? null : (
        <div class="row" role="alert">
          <span>{texts.exists(taken)}</span>
          <button type="button" class="button" onClick={() => save(taken)}>
            {texts.replace}
          </button>
          <button type="button" class="button" onClick={() => setTaken(null)}>
            {texts.keep}
          </button>
        </div>
      )}
      <ul aria-label={texts.name}>
        {state.snapshots.map((name) => (
          <li key={name} class="row">
            <button type="button" class="snapshot" onClick={() => send({ type: 'recallSnapshot', name })}>
              {name}
            </button>
            <button
              type="button"
              class="tool"
              aria-label={texts.deleteSnapshot(name)}
              title={texts.delete}
              onClick={() => remove(name)}
            >
              <Icon name="bin" />
            </button>
          </li>
        ))}
      </ul>
      {state.snapshots.length === 0 ? <p class="empty">{texts.none}</p> : null}
    </div>
  );
}
