import { expect, test } from 'vitest';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('text is plain: no colour, even where one is asked for, so NO_COLOR changes nothing', async () => {
  for (const words of [['--help'], ['presets'], ['help', 'live']]) {
    const coloured = await runCommand(words, temporaryFolder(), { FORCE_COLOR: '3', NO_COLOR: undefined });
    const plain = await runCommand(words, temporaryFolder(), { NO_COLOR: '1' });
    expect(coloured).toEqual(plain);
    expect(plain.stdout).not.toContain('\u001B');
  }
});
