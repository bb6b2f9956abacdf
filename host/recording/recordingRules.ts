import { InputError } from '../../engine/core/errors.ts';
import type { RecordingMessage } from '../protocol/recordingMessages.ts';
import type { OpenRecording, RecordingPhase } from '../protocol/recordingState.ts';

const WORK: Readonly<Record<Exclude<RecordingPhase, 'ready'>, string>> = {
  importing: 'is being imported',
  finding: 'is being searched for voices',
  separating: 'is being separated',
};

/**
 * The rules of the open recording: whether a message changes it, as far as the state shows.
 * @throws InputError if the message does not fit the state
 */
export function isRecordingChanged(recording: OpenRecording | null, message: RecordingMessage): boolean {
  if (message.type === 'closeRecording') return recording !== null;
  if (message.type === 'cancelRecording') return recording !== null && recording.phase !== 'ready';
  if (recording === null) throw new InputError('no recording is open: upload one first');
  const { phase, name, voices } = recording;
  const isUnreadable = phase === 'ready' && recording.seconds === 0;
  if (isUnreadable) throw new InputError(`"${name}" could not be imported: open another file`);
  const mayWork = message.type === 'keepVoice' && phase !== 'importing';
  if (phase !== 'ready' && !mayWork) throw new InputError(`"${name}" ${WORK[phase]}: wait, or cancel that first`);
  switch (message.type) {
    case 'undoRecording':
      if (!recording.canUndo) throw new InputError('there is nothing to undo');
      return true;
    case 'redoRecording':
      if (!recording.canRedo) throw new InputError('there is nothing to redo');
      return true;
    case 'separateRecording':
      if (voices.length === 0) throw new InputError(`"${name}": find its voices, or add them, before separating them`);
      return true;
    default:
      return true;
  }
}
