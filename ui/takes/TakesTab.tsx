import { useState } from 'preact/hooks';
import type { ListedTake, LiveState } from '../../host/protocol/LiveState.ts';
import { bytesText, clockText } from '../base/numberText.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { usePanel, useSend } from '../model/PanelContext.ts';
import { useTakePlayer } from './useTakePlayer.ts';

/** Recordings of this session and earlier ones: play, save, rename, delete, and where they are. */
export function TakesTab({ state }: { readonly state: LiveState }) {
  const { takes, recording } = state;
  const player = useTakePlayer();
  return (
    <div class="takes">
      <h2>Recordings</h2>
      {recording === null ? null : <p role="status">Recording: {clockText(recording.seconds)}</p>}
      <ul aria-label="Recordings">
        {takes.map((take) => (
          <TakeRow key={take.name} take={take} player={player} />
        ))}
      </ul>
      {takes.length === 0 ? <p class="empty">No recordings yet. Press Record to make one.</p> : null}
    </div>
  );
}

interface TakeRowProps {
  readonly take: ListedTake;
  readonly player: ReturnType<typeof useTakePlayer>;
}

function TakeRow({ take, player }: TakeRowProps) {
  const { name, files, voices, seconds, bytes, reason } = take;
  const send = useSend();
  const { notices } = usePanel();
  const [isRenaming, setRenaming] = useState(false);
  const [file, setFile] = useState(files[0] ?? '');
  const isPlaying = player.playing === `${name}/${file}`;
  const remove = () => {
    send({ type: 'deleteTake', take: name });
    notices.show(`Deleted ${name}`, 'info', { label: 'Undo', run: () => send({ type: 'restoreTake', take: name }) });
  };
  if (isRenaming) {
    return (
      <li>
        <NameForm
          label={`New name for ${name}`}
          button="Rename"
          initial={name}
          onSubmit={(next) => {
            setRenaming(false);
            if (next !== name) send({ type: 'renameTake', take: name, name: next });
          }}
          onCancel={() => setRenaming(false)}
        />
      </li>
    );
  }
  return (
    <li class="take">
      <strong>{name}</strong>
      <span class="dim">
        {seconds === null ? 'unknown length' : clockText(seconds)}, {bytesText(bytes)}
        {voices.length === 0 ? '' : `, ${voices.join(', ')}`}
      </span>
      {reason === null ? null : <span class="problem-text">Broke off: {reason}</span>}
      <div class="row">
        <select aria-label={`Track of ${name}`} value={file} onChange={(event) => setFile(event.currentTarget.value)}>
          {files.map((each) => (
            <option key={each} value={each}>
              {each.replace(/\.wav$/, '')}
            </option>
          ))}
        </select>
        <Tool
          label={isPlaying ? `Stop ${name}` : `Play ${name}`}
          icon={isPlaying ? 'stop' : 'play'}
          onClick={() => (isPlaying ? player.stop() : void player.play(name, file))}
        />
        <Tool label={`Save ${name}`} icon="download" onClick={() => void player.save(name, file)} />
        <Tool label={`Rename ${name}`} icon="pencil" onClick={() => setRenaming(true)} />
        <Tool label={`Delete ${name}`} icon="bin" onClick={remove} />
        <Tool label={`Show folder of ${name}`} icon="folder" onClick={() => send({ type: 'showTake', take: name })} />
      </div>
    </li>
  );
}

interface ToolProps {
  readonly label: string;
  readonly icon: Parameters<typeof Icon>[0]['name'];
  readonly onClick: () => void;
}

function Tool({ label, icon, onClick }: ToolProps) {
  return (
    <button type="button" class="tool" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
