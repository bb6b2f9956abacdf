import { useState } from 'preact/hooks';
import type { LiveState } from '../../host/protocol/LiveState.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { usePanel, useSend } from '../model/PanelContext.ts';

/** Saves, recalls and deletes snapshots: speakers and settings under a name. */
export function SnapshotsTab({ state }: { readonly state: LiveState }) {
  const send = useSend();
  const { notices } = usePanel();
  /** A name that is taken, and waits for the user's decision. */
  const [taken, setTaken] = useState<string | null>(null);
  const save = (name: string) => {
    send({ type: 'saveSnapshot', name });
    setTaken(null);
  };
  const remove = (name: string) => {
    send({ type: 'deleteSnapshot', name });
    notices.show(`Deleted ${name}`, 'info', { label: 'Undo', run: () => send({ type: 'restoreSnapshot', name }) });
  };
  return (
    <div class="snapshots">
      <h2>Snapshots</h2>
      <p class="dim">Save speakers, faders and settings. Devices are not included.</p>
      <NameForm
        label="Snapshot name"
        placeholder="Name"
        button="Save snapshot"
        onSubmit={(name) => (state.snapshots.includes(name.normalize('NFC')) ? setTaken(name) : save(name))}
      />
      {taken === null ? null : (
        <div class="row" role="alert">
          <span>{taken} exists. Replace it?</span>
          <button type="button" class="button" onClick={() => save(taken)}>
            Replace
          </button>
          <button type="button" class="button" onClick={() => setTaken(null)}>
            Keep
          </button>
        </div>
      )}
      <ul aria-label="Snapshots">
        {state.snapshots.map((name) => (
          <li key={name} class="row">
            <button type="button" class="snapshot" onClick={() => send({ type: 'recallSnapshot', name })}>
              {name}
            </button>
            <button
              type="button"
              class="tool"
              aria-label={`Delete snapshot ${name}`}
              title="Delete"
              onClick={() => remove(name)}
            >
              <Icon name="bin" />
            </button>
          </li>
        ))}
      </ul>
      {state.snapshots.length === 0 ? <p class="empty">No snapshots yet.</p> : null}
    </div>
  );
}
