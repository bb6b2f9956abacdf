import { expect, it } from 'vitest';
import { RecordingLifecycle } from '../../../host/audioProcess/RecordingLifecycle.ts';

it('a recording starts, records and finishes; files are open while it records and finishes', () => {
  const lifecycle = new RecordingLifecycle();
  const active = (['starting', 'recording', 'finishing', 'idle'] as const).map((phase) => {
    lifecycle.change(phase);
    return lifecycle.isActive;
  });
  expect(active).toEqual([false, true, true, false]);
});

it('a failed recording can start again, and cannot finish', () => {
  const lifecycle = new RecordingLifecycle();
  for (const phase of ['starting', 'recording', 'failed'] as const) lifecycle.change(phase);
  expect(lifecycle.isActive).toBe(false);
  expect(() => lifecycle.change('finishing')).toThrow('a recording cannot go from failed to finishing');
  lifecycle.change('starting');
  expect(lifecycle.phase).toBe('starting');
});
