import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { createTemporaryFolder } from '../../../host/files/temporaryFolder.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

it('temporary folders of killed runs are removed by the next one, those of running processes stay', async () => {
  const parent = temporaryFolder();
  const endedProcess = spawnSync(process.execPath, ['--version']).pid;
  const own = await createTemporaryFolder('enrolment', parent);
  const kept = [`unmingle-enrolment-${process.ppid}-abcdef`, `unmingle-other-${endedProcess}`, 'unmingle-test-abcdef'];
  const removed = [`unmingle-enrolment-${endedProcess}-abcdef`, `unmingle-input-${process.pid}-ABCDEF`];
  for (const name of [...kept, ...removed]) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'microphone.wav'), 'speech');
  }
  const before = Date.now() / 1000 - process.uptime() - 60;
  utimesSync(join(parent, `unmingle-input-${process.pid}-ABCDEF`), before, before);
  const next = await createTemporaryFolder('enrolment', parent);
  expect(readdirSync(parent).toSorted()).toEqual([...kept, basename(own), basename(next)].toSorted());
  if (process.platform !== 'win32') expect(statSync(next).mode & 0o077).toBe(0);
});
