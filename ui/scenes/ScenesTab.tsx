import type { LiveState } from '../../host/protocol/LiveState.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { useSend } from '../link/PanelContext.ts';

/** Speakers and settings together, under a name. */
export function ScenesTab({ state }: { readonly state: LiveState }) {
  const send = useSend();
  return (
    <div class="scenes">
      <h2>Scenes</h2>
      <p class="dim">Speakers, faders and settings as they are now; devices stay as they are.</p>
      <NameForm
        label="Name of the scene"
        placeholder="Name"
        button="Save scene"
        onSubmit={(name) => send({ type: 'saveScene', name })}
      />
      <ul aria-label="Scenes">
        {state.scenes.map((name) => (
          <li key={name} class="row">
            <button type="button" class="scene" onClick={() => send({ type: 'recallScene', name })}>
              {name}
            </button>
            <button
              type="button"
              class="tool"
              aria-label={`Delete scene ${name}`}
              title="Delete"
              onClick={() => send({ type: 'deleteScene', name })}
            >
              <Icon name="bin" />
            </button>
          </li>
        ))}
      </ul>
      {state.scenes.length === 0 ? <p class="empty">None yet.</p> : null}
    </div>
  );
}
