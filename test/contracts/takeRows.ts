import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TakeTimeline } from '../../host/audioProcess/TakeTimeline.ts';
import { serializeTakeFile, TAKE_FILE_NAME } from '../../host/protocol/takeFile.ts';
import type { LiveControl } from '../../host/session/LiveControl.ts';
import type { AcceptedRow, RefusedRow } from './controlRow.ts';

/** Messages about takes that are carried out. */
export const ACCEPTED_OF_TAKES: readonly AcceptedRow[] = [
  {
    steps: [writeTake],
    message: { type: 'renameTake', take: 'Interview', name: 'Lecture' },
    changes: () => ({ takes: ['Lecture'] }),
  },
  {
    steps: [writeTake],
    message: { type: 'deleteTake', take: 'Interview' },
    changes: () => ({ takes: [], deletedTakes: ['Interview'] }),
  },
  {
    steps: [writeTake, { type: 'deleteTake', take: 'Interview' }],
    message: { type: 'restoreTake', take: 'Interview' },
    changes: () => ({ takes: ['Interview'], deletedTakes: [] }),
  },
  {
    steps: [writeTake],
    message: { type: 'showTake', take: 'Interview' },
    changes: () => ({ takes: ['Interview'] }),
  },
];

/** Messages about takes that are refused. */
export const REFUSED_OF_TAKES: readonly RefusedRow[] = [
  {
    message: { type: 'renameTake', take: 'Lecture', name: 'Talk' },
    reason: /^there is no recording called "Lecture"$/,
  },
  {
    title: 'the name is a path',
    message: { type: 'renameTake', take: 'Interview', name: '../Talk' },
    reason: /^name: must be /,
  },
  { message: { type: 'deleteTake', take: 'Lecture' }, reason: /^there is no recording called "Lecture"$/ },
  { message: { type: 'restoreTake', take: 'Lecture' }, reason: /^no recording called "Lecture" has been deleted$/ },
  { message: { type: 'showTake', take: 'Lecture' }, reason: /^there is no recording called "Lecture"$/ },
];

/** Writes a take called Interview, whose files are missing. */
async function writeTake(_: LiveControl, takesFolder: string): Promise<void> {
  const startTime = new Date('2026-11-28T12:00:00Z');
  const files = { mixture: 'mixture.wav', rest: 'rest.wav', mix: 'mix.wav' };
  mkdirSync(join(takesFolder, 'Interview'), { recursive: true });
  const text = serializeTakeFile(new TakeTimeline(16_000, startTime, files).file);
  writeFileSync(join(takesFolder, 'Interview', TAKE_FILE_NAME), text);
}
