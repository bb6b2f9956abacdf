import type { LiveState } from '../../host/protocol/LiveState.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { useSend } from '../model/PanelContext.ts';

/** Saves, recalls and deletes snapshots: speakers and settings under a name. */
export function SnapshotsTab({ state }: { readonly state: LiveState }) {
  const send = useSend();
  return (
    <div class="snapshots">
      <h2>Snapshots</h2>
      <p class="dim">Save speakers, faders and settings. Devices are not included.</p>
      <NameForm
        label="Snapshot name"
        placeholder="Name"
        button="Save snapshot"
        onSubmit={(name) => send({ type: 'saveSnapshot', name })}
      />
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
              onClick={() => send({ type: 'deleteSnapshot', name })}
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
