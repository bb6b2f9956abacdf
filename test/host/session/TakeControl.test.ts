import { expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import type { LiveState } from '../../../host/protocol/LiveState.ts';
import type { AudioLink } from '../../../host/session/AudioLink.ts';
import { defaultSettings } from '../../../host/session/liveSettings.ts';
import { SessionState } from '../../../host/session/SessionState.ts';
import { TakeControl } from '../../../host/session/TakeControl.ts';

const ended = { name: 'one', folder: '/takes/one', seconds: 3 };
const recording = { folder: '/takes/one', seconds: 3, bytes: 1000 };

/** A session that records, and whose audio process answers the end of the take by `stop`. */
function recordingSession(stop: () => unknown) {
  const state = new SessionState({ recording, problem: null, settings: defaultSettings() } as LiveState);
  const request = async () => stop();
  return { state, take: new TakeControl({ request } as unknown as AudioLink, state, '/takes') };
}

it('a take without losses ends without a message', async () => {
  const { state, take } = recordingSession(() => ({ droppedSeconds: 0 }));
  await take.stop();
  expect(state.current).toMatchObject({ recording: null, problem: null, endedRecording: { ...ended, reason: null } });
});

it('shows how much of a take is missing', async () => {
  const { state, take } = recordingSession(() => ({ droppedSeconds: 0.25 }));
  await take.stop();
  expect(state.current.recording).toBeNull();
  expect(state.current.problem).toBe('0.250 s are missing in the recording because the disk was too slow');
});

it('a take whose files cannot be completed has ended nevertheless', async () => {
  const { state, take } = recordingSession(() => {
    throw new InputError('the disk does not respond');
  });
  await expect(take.stop()).rejects.toThrow('the disk does not respond');
  expect(state.current.recording).toBeNull();
});

it('a take that broke off is no success', async () => {
  const { state, take } = recordingSession(() => null);
  expect(take.lose()).toContain('/takes/one');
  expect(state.current.endedRecording).toEqual({ ...ended, reason: 'its sound was interrupted' });
});
