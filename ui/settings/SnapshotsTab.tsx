import type { LiveState } from '../../host/protocol/LiveState.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { useSend } from '../model/PanelContext.ts';

/** Speakers and settings together, under a name. */
export function SnapshotsTab({ state }: { readonly state: LiveState }) {
  const send = useSend();
  return (
    <div class="snapshots">
      <h2>Scenes</h2>
      <p class="dim">Speakers, faders and settings as they are now; devices stay as they are.</p>
      <NameForm
        label="Name of the snapshot"
        placeholder="Name"
        button="Save snapshot"
        onSubmit={(name) => send({ type: 'saveSnapshot', name })}
      />
      <ul aria-label="Scenes">
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
      {state.snapshots.length === 0 ? <p class="empty">None yet.</p> : null}
    </div>
  );
}
