import { expect, it } from 'vitest';
import { statusLine } from '../../../host/commands/liveText.ts';
import { simulatedState, simulatedStatus } from '../../ui/simulatedState.ts';

it('the status line states first what is unusual, since a narrow terminal cuts its end', () => {
  const state = simulatedState([]);
  const status = simulatedStatus(3);
  expect(statusLine(state, status)).toMatch(/^gaps 0 \| load /);
  const recording = { folder: 'takes', seconds: 12, bytes: 1 };
  expect(statusLine({ ...state, recording }, { ...status, overload: 'bypass' })).toMatch(
    /^overload: bypass \| recorded 12 s \| gaps 0 \|/,
  );
});
