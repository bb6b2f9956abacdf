import { useState } from 'preact/hooks';
import type { ListedTake, LiveState } from '../../host/protocol/LiveState.ts';
import { bytesText, clockText } from '../base/numberText.ts';
import { Icon } from '../controls/Icon.tsx';
import { NameForm } from '../controls/NameForm.tsx';
import { usePanel, useSend } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';
import { useTakePlayer } from './useTakePlayer.ts';

/** Recordings of this session and earlier ones: play, save, rename, delete, and where they are. */
export function TakesTab({ state }: { readonly state: LiveState }) {
  const { takes, recording } = state;
  const player = useTakePlayer();
  const texts = useTexts().takes;
  return (
    <div class="takes">
      <h2>{texts.name}</h2>
      {recording === null ? null : <p role="status">{texts.recording(clockText(recording.seconds))}</p>}
      <ul aria-label={texts.name}>
        {takes.map((take) => (
          <TakeRow key={take.name} take={take} player={player} />
        ))}
      </ul>
      {takes.length === 0 ? <p class="empty">{texts.none}</p> : null}
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
  const { takes: texts, model } = useTexts();
  const [isRenaming, setRenaming] = useState(false);
  const [file, setFile] = useState(files[0] ?? '');
  const isPlaying = player.playing === `${name}/${file}`;
  const remove = () => {
    send({ type: 'deleteTake', take: name });
    notices.show(model.deleted(name), 'info', {
      label: model.undo,
      run: () => send({ type: 'restoreTake', take: name }),
    });
  };
  if (isRenaming) {
    return (
      <li>
        <NameForm
          label={texts.newName(name)}
          button={texts.rename}
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
        {seconds === null ? texts.unknownLength : clockText(seconds)}, {bytesText(bytes)}
        {voices.length === 0 ? '' : `, ${voices.join(', ')}`}
      </span>
      {reason === null ? null : <span class="problem-text">{texts.brokeOff(reason)}</span>}
      <div class="row">
        <select aria-label={texts.track(name)} value={file} onChange={(event) => setFile(event.currentTarget.value)}>
          {files.map((each) => (
            <option key={each} value={each}>
              {each.replace(/\.wav$/, '')}
            </option>
          ))}
        </select>
        <Tool
          label={isPlaying ? texts.stop(name) : texts.play(name)}
          icon={isPlaying ? 'stop' : 'play'}
          onClick={() => (isPlaying ? player.stop() : void player.play(name, file))}
        />
        <Tool label={texts.save(name)} icon="download" onClick={() => void player.save(name, file)} />
        <Tool label={texts.renameTake(name)} icon="pencil" onClick={() => setRenaming(true)} />
        <Tool label={texts.delete(name)} icon="bin" onClick={remove} />
        <Tool label={texts.showFolder(name)} icon="folder" onClick={() => send({ type: 'showTake', take: name })} />
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
