// npm run soak -- --minutes 60 [--seed 1]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const wrong = ['minutes', 'seed'].find((name) => !(Number(values[name]) > 0));
if (wrong !== undefined) {
  console.error(`error: --${wrong} must be a number above 0, got "${values[wrong]}"`);
  process.exit(1);
}
const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/soak/vitest.config.ts'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  env: { ...process.env, UNMINGLE_SOAK_MINUTES: values.minutes, UNMINGLE_SOAK_SEED: values.seed },
  stdio: 'inherit',
});
process.exit(status ?? 1);
