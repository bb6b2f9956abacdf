import { describe, expect, it } from 'vitest';
import { type Check, type Finding, runChecks } from '../../../host/doctor/Check.ts';

const FINE: Finding = { isOk: true, found: 'fine', remedy: null };
const MISSING: Finding = { isOk: false, found: 'missing', remedy: 'install it' };
const never = new AbortController().signal;

function check(name: string, find: Check['find'], isNeeded = true): Check {
  return { name, isNeeded, deadlineMilliseconds: 20, find };
}

describe('checks', () => {
  it('report a note where only a part of the functions is affected, and a problem otherwise', async () => {
    const checks = [
      check('one', async () => FINE),
      check('two', async () => MISSING),
      check('three', async () => MISSING, false),
    ];
    expect(await runChecks(checks, never)).toEqual([
      { name: 'one', status: 'ok', found: 'fine', remedy: null },
      { name: 'two', status: 'problem', found: 'missing', remedy: 'install it' },
      { name: 'three', status: 'note', found: 'missing', remedy: 'install it' },
    ]);
  });

  it('that throw or hang do not hide the others; one that hangs is aborted at its deadline', async () => {
    let isAborted = false;
    const checks = [
      check('throws', () => Promise.reject(new Error('broken'))),
      check('hangs', (signal) => {
        signal.addEventListener('abort', () => {
          isAborted = true;
        });
        return new Promise(() => {});
      }),
      check('works', async () => FINE),
    ];
    const results = await runChecks(checks, never);
    expect(results.map(({ status, found }) => `${status}: ${found}`)).toEqual([
      'problem: broken',
      'problem: no answer within 0.02 s',
      'ok: fine',
    ]);
    expect(isAborted).toBe(true);
  });
});
