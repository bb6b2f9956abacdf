// node test/experiments/quality/speechToText/run.mjs CORPUS CACHE --pairs A-B,C-D,... [--general] [--json FILE]
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    pairs: { type: 'string', default: '' },
    general: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
  allowPositionals: true,
});
const [corpus, cache] = positionals;
if (positionals.length !== 2 || !/^[^-,]+-[^-,]+(,[^-,]+-[^-,]+)*$/.test(values.pairs)) {
  console.error(`error: expected CORPUS CACHE --pairs A-B,C-D,..., got "${process.argv.slice(2).join(' ')}"`);
  process.exit(1);
}
const { status } = spawnSync(
  'npx',
  [
    'vitest',
    'run',
    '--config',
    'test/experiments/quality/speechToText/vitest.config.ts',
    '--disable-console-intercept',
  ],
  {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    env: {
      ...process.env,
      SPEECH_CORPUS: resolve(corpus),
      SPEECH_CACHE: resolve(cache),
      SPEECH_PAIRS: values.pairs,
      SPEECH_GENERAL: values.general ? '1' : '',
      SPEECH_JSON: values.json === undefined ? '' : resolve(values.json),
    },
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
