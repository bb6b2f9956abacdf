import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/host/cli.js', import.meta.url));

/**
 * Starts the built `unmingle live` on the bundled mixture, with presets, settings and recordings in a new temporary folder.
 * @returns {Promise<{ address: string, stop: () => void }>} the address of its panel
 * @throws {Error} with the output of the program, if it ends before it has a panel
 */
export async function startDemoHost() {
  const home = await mkdtemp(join(tmpdir(), 'unmingle-demo-'));
  const host = spawn(process.execPath, [CLI, 'live', '--backend', 'file', '--no-open', '--port', '0'], {
    cwd: home,
    env: { ...process.env, UNMINGLE_PRESETS: join(home, 'presets'), UNMINGLE_SETTINGS: join(home, 'live.json') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise((resolve, reject) => {
    let output = '';
    host.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
      const [, found] = /panel: (\S+)/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
    host.once('error', reject);
    host.once('close', () => reject(new Error(`unmingle live has ended: ${output}`)));
  });
  return { address, stop: () => host.kill('SIGINT') };
}
