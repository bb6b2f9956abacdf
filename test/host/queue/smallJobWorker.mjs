// Thread of small jobs: `name` counts as the speed of the job, the result is the content of its input in capitals.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '../../../dist/engine/core/errors.js';
import { serveJobs } from '../../../dist/host/queue/serveJobs.js';

async function run({ name, inputs }, { pathOf, outFolder, signal }) {
  const text = await readFile(pathOf(inputs[0]), 'utf8');
  if (text.startsWith('poison')) throw new InputError(`${pathOf(inputs[0])}: is poisoned`);
  if (text.startsWith('exit')) process.exit(1);
  if (text.startsWith('slow')) await setTimeout(Number(text.split(' ')[1]), undefined, { signal });
  await writeFile(join(outFolder, `${name}.txt`), text.toUpperCase());
}

serveJobs({ train: run, separate: run, evaluate: run });
