import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type LoggedResult, ResultLog } from '../../../../host/lab/evaluation/ResultLog.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

const folder = temporaryFolder();
const scores = { sdrDecibels: 1, sirDecibels: 2, sarDecibels: 3, siSdrDecibels: 4, stoi: 0.5, estoi: 0.6 };
const result = (pair: string): LoggedResult => ({
  method: 'nmf',
  pair,
  scores,
  mixtureSeconds: 20,
  separationSeconds: 2,
});

test('appended results are found after reopening, one per line', async () => {
  const path = join(folder, 'new', 'a.jsonl');
  const log = await ResultLog.open(path, false);
  await log.append(result('a+b'));
  await log.append(result('a+c'));
  const again = await ResultLog.open(path, false);
  expect(again.find('nmf', 'a+c')).toEqual(result('a+c'));
  expect(again.find('innmf', 'a+c')).toBeNull();
  expect((await ResultLog.open(path, true)).find('nmf', 'a+c')).toBeNull();
});

test('a truncated line is ignored and does not corrupt the next one', async () => {
  const path = join(folder, 'killed.jsonl');
  const whole = JSON.stringify(result('a+b'));
  writeFileSync(path, `${whole}\n${JSON.stringify(result('a+c')).slice(0, 60)}`);
  const log = await ResultLog.open(path, false);
  expect([log.find('nmf', 'a+b'), log.find('nmf', 'a+c')]).toEqual([result('a+b'), null]);
  await log.append(result('a+c'));
  expect((await ResultLog.open(path, false)).find('nmf', 'a+c')).toEqual(result('a+c'));
  expect(readFileSync(path, 'utf8')).toContain(whole);
});

test('lines with missing or invalid fields are ignored', async () => {
  const path = join(folder, 'odd.jsonl');
  appendFileSync(path, '7\n[]\n{"method":"nmf","pair":"x"}\n');
  appendFileSync(path, `${JSON.stringify({ ...result('y'), scores: { ...scores, stoi: null } })}\n`);
  const log = await ResultLog.open(path, false);
  expect([log.find('nmf', 'x'), log.find('nmf', 'y')]).toEqual([null, null]);
});

test('an unwritable path is an InputError', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(ResultLog.open(join(folder, 'file', 'x.jsonl'), false)).rejects.toThrow(/^cannot keep results in .*/);
});
