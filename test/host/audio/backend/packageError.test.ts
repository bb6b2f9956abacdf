import { expect, it } from 'vitest';
import { packageError } from '../../../../host/audio/backend/packageError.ts';

const failing = (name: string) => import(/* @vite-ignore */ name).catch((error: unknown) => error);

it('a package that is not installed is stated without paths of the program', async () => {
  const thrown = Object.assign(new Error("Cannot find package 'naudiodon' imported from /a/b.js\nmore"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  expect(packageError('naudiodon', thrown, 'install it')).toMatchObject({
    kind: 'package-missing',
    message: 'package-missing: naudiodon is not installed; install it',
  });
});

it('a package that cannot be loaded is stated with the first line of the reason', async () => {
  const thrown = await failing('data:text/javascript,throw new Error("bad%20ELF%5Cnstack")');
  expect(packageError('naudiodon', thrown, 'install it').happened).toBe('naudiodon cannot be loaded (bad ELF)');
});
