import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { randomPreset, syntheticVoice } from '../../engine/syntheticVoice.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { runCommand, spawnCommand } from '../commandLine.ts';
import { RedisServer } from '../queue/RedisServer.ts';
import { WorkerProcess } from '../queue/WorkerProcess.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const run = (line: string, environment: NodeJS.ProcessEnv = {}) => runCommand(line.split(' '), folder, environment);
const bytes = (...names: string[]) => readFileSync(at(...names));
const TRAINING = '--templates 4 --updates 2 --seconds 3';

beforeAll(() => {
  for (const name of ['rec', 'rec/ann', 'mix', 'redis', 'data', 'data/ann', 'data/bob']) mkdirSync(at(name));
  const [ann, bob] = [110, 210].map((hertz, index) => [...syntheticVoice(index + 1, hertz, 1, 4, 8000)]);
  const write = (samples: readonly number[], ...names: string[]) =>
    writeFileSync(at(...names), wavBytes(float32([...samples]), { code: 3, bits: 32, sampleRateHertz: 8000 }));
  write(ann!.slice(0, 16_000), 'rec', 'ann', '1.wav');
  write(ann!.slice(16_000), 'rec', 'ann', '2.wav');
  write(bob!, 'rec', 'bob.wav');
  writeFileSync(at('rec', 'bad.wav'), 'this is not a recording');
  for (const [name, samples] of Object.entries({ ann: ann!, bob: bob! })) {
    write(samples, 'data', name, '1.wav');
    write(samples.slice(0, 12_000), 'data', name, '2.wav');
  }
  const mixture = ann!.map((sample, n) => sample + bob![n]!);
  write(mixture.slice(0, 4000), 'mix', 'first.wav');
  write(mixture.slice(4000, 9000), 'mix', 'second.wav');
  writeFileSync(at('one.unmingle.json'), serializePreset(randomPreset('one', 4, 1, 4000)));
  writeFileSync(at('two.unmingle.json'), serializePreset(randomPreset('two', 4, 2, 4000)));
  writeFileSync(at('speakers.tsv'), '# name, recordings\nann\trec/ann\nbad\trec/bad.wav\n');
  writeFileSync(at('bob.csv'), 'bob,rec/bob.wav\n');
  writeFileSync(at('mixtures.txt'), 'mix/first.wav\nmix/second.wav\tone,two\tlater\n');
});

describe('a batch on threads of the command', () => {
  test('separates each recording of a list as separate does', async () => {
    const batch = await run('separate --batch mixtures.txt -s one,two -o voices --no-adaptation --format pcm16 --json');
    expect([batch.code, batch.stderr]).toEqual([0, '']);
    expect(JSON.parse(batch.stdout)).toMatchObject({
      jobs: 2,
      failed: 0,
      results: [{ name: 'first' }, { name: 'later' }],
    });
    await run('separate mix/first.wav -s one,two -o alone/first --no-adaptation --format pcm16');
    await run('separate mix/second.wav -s one,two -o alone/later --no-adaptation --format pcm16');
    for (const name of ['first', 'later'])
      for (const voice of ['one.wav', 'two.wav'])
        expect(bytes('voices', name, voice).equals(bytes('alone', name, voice))).toBe(true);
    const again = await run('separate --batch mixtures.txt -s one,two -o voices --no-adaptation --format pcm16');
    expect(again.stdout).toMatch(/^2 of 2 jobs done in [\d.]+ s, 2 of them earlier\n$/);
    const other = await run('separate --batch mixtures.txt -s one,two -o voices --no-adaptation');
    expect(other).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^error: cannot write .*voices\/first\/one.wav \(line 1\): it already exists; replace it with --force\n$/,
      ),
    });
    const forced = await run('separate --batch mixtures.txt -s one,two -o voices --no-adaptation --force');
    expect(forced).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^--force replaces .*one.wav and 3 other files\n$/),
    });
  });

  test('Ctrl-C cancels it, and leaves no file half-written', async () => {
    const words = `train --batch speakers.tsv --out cancelled ${TRAINING} --updates 2000`.split(' ');
    const { code, stderr } = await spawnCommand(words, folder, (child) => setTimeout(() => child.kill('SIGINT'), 5000));
    expect([code, stderr.split('\n').at(-2)]).toEqual([130, 'interrupted; nothing was left half-written']);
    const left = existsSync(at('cancelled')) ? readdirSync(at('cancelled'), { recursive: true }) : [];
    expect(left.filter((name) => String(name).includes('ann'))).toEqual([]);
  });

  test.each([
    ['train --batch none.tsv', /cannot read none.tsv: does not exist/],
    ['train --batch twice.tsv -o p', /twice.tsv, line 2: the name "ANN" is that of line 1, too/],
    ['train --batch name.tsv -o p', /name.tsv, line 2: preset name must be .* got "a\/b"/],
    ['train --batch alone.tsv -o p', /alone.tsv, line 1: must be a name and then its recordings/],
    ['train --batch missing.tsv -o p', /missing.tsv, line 1: cannot read .*rec\/none.wav: does not exist/],
    ['train --batch bundled.tsv', /bundled.tsv, line 1: a preset called "synthetic-male" is bundled; --force hides it/],
    ['train rec/ann --batch speakers.tsv', /--batch has the recordings in its list, got rec\/ann/],
    ['separate --batch same.txt -s one -o v', /same.txt, line 2: the name "first" is that of line 1, too/],
    [
      'separate --batch outside.txt -s one -o v --storage rec',
      /outside.txt, line 1: the address "\.\.\/mix\/first.wav"/,
    ],
    ['separate --batch mixtures.txt -s nobody -o v', /mixtures.txt, line 1: no preset is called "nobody"/],
  ])('a mistake is named before anything is done: %s', async (line, message) => {
    const lists = {
      'twice.tsv': 'ann\trec/ann\nANN\trec/bob.wav\n',
      'name.tsv': '# x\na/b\trec/ann\n',
      'alone.tsv': 'ann\n',
      'missing.tsv': 'ann\trec/none.wav\n',
      'bundled.tsv': 'synthetic-male\trec/ann\n',
      'same.txt': 'mix/first.wav\nmix/second.wav\t\tfirst\n',
      'outside.txt': '../mix/first.wav\n',
    };
    for (const [name, text] of Object.entries(lists)) writeFileSync(at(name), text);
    const { code, stderr, stdout } = await run(line);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(existsSync(at('p')) || existsSync(at('v'))).toBe(false);
  });
});

describe.runIf(process.env.CI !== undefined || RedisServer.isInstalled())(
  'a batch on workers',
  { timeout: 120_000 },
  () => {
    let redis: RedisServer;
    let worker: WorkerProcess;

    beforeAll(async () => {
      redis = await RedisServer.start(at('redis'));
      worker = await WorkerProcess.program(redis.url, '--storage', folder, '--jobs', '2');
    }, 60_000);
    afterAll(async () => {
      await worker?.end('SIGKILL');
      await redis?.kill();
    });

    test('trains and separates to the bytes of one machine; a poisoned file is a dead letter', async () => {
      const queue = { UNMINGLE_QUEUE: redis.url };
      const training = run(`train --batch speakers.tsv --storage . --attempts 2 ${TRAINING}`, queue);
      const trained = await training;
      expect(trained.code).toBe(1);
      expect(trained.stdout).toMatch(
        /^1 of 2 jobs done in [\d.]+ s\n {2}failed: bad \(line 3\): rec\/bad.wav: is not a/,
      );
      expect(trained.stderr).toMatch(/\nerror: 1 of 2 jobs failed; the others are done\n$/);
      expect((await run(`train rec/ann --name ann --out alone/ann.unmingle.json ${TRAINING}`)).code).toBe(0);
      for (const file of ['ann.unmingle.json', 'ann.evidence.json'])
        expect(bytes('presets', file).equals(bytes('alone', file))).toBe(true);

      const separated = await run(
        'separate --batch mixtures.txt -s one,two -o remote --storage . --no-adaptation',
        queue,
      );
      expect(separated).toMatchObject({ code: 0, stdout: expect.stringMatching(/^2 of 2 jobs done/) });
      await run('separate mix/first.wav -s one,two -o alone/remote --no-adaptation');
      expect(bytes('remote', 'first', 'one.wav').equals(bytes('alone', 'remote', 'one.wav'))).toBe(true);

      const status = await run('queue status --json', queue);
      expect(JSON.parse(status.stdout)).toMatchObject({
        waiting: 0,
        failed: 1,
        workers: 1,
        deadLetters: [{ kind: 'train', name: 'bad', file: 'rec/bad.wav', attempts: 2 }],
      });
      expect((await run('queue status', queue)).stdout).toMatch(
        /train bad, 2 attempts, rec\/bad.wav: rec\/bad.wav: is not/,
      );
      writeFileSync(at('rec', 'bad.wav'), bytes('rec', 'ann', '1.wav'));
      expect(await run('queue retry bad', queue)).toMatchObject({ code: 0, stdout: '1 jobs are tried again\n' });
      await expect
        .poll(async () => (await run('queue', queue)).stdout, { timeout: 20_000 })
        .toMatch(/has changed since/);
      expect((await run('queue drain --failed', queue)).stdout).toBe('1 jobs removed\n');
      const texts = [trained, separated, status].map(({ stdout, stderr }) => stdout + stderr).join('') + worker.output;
      expect(texts).not.toContain(RedisServer.password);
    });

    test('an evaluation has the scores of one machine', async () => {
      const words = 'evaluate data --split 1:1 --methods nmf,mixture --templates 4 --json';
      const scores = async (line: string, cache: string) => {
        const { code, stdout, stderr } = await run(line, { UNMINGLE_CACHE: at(cache) });
        expect([code, stderr]).toEqual([0, '']);
        return JSON.stringify(JSON.parse(stdout), (key, value) => (/seconds|realTime/i.test(key) ? undefined : value));
      };
      const remote = await scores(`${words} --queue ${redis.url} --storage .`, 'remote-cache');
      expect(remote).toBe(await scores(words, 'cache'));
      expect(worker.output.match(/^done: evaluate /gm)).toHaveLength(4);
    });

    test('a detached batch is counted, and a worker that is interrupted finishes its jobs', async () => {
      const queue = { UNMINGLE_QUEUE: redis.url };
      const detached = await run(`train --batch bob.csv --storage . --detach ${TRAINING}`, queue);
      expect(detached).toMatchObject({ code: 0, stdout: expect.stringMatching(/^submitted 1 jobs/) });
      await expect.poll(async () => JSON.parse((await run('queue status --json', queue)).stdout).active).toBe(1);
      await worker.end('SIGTERM');
      expect(existsSync(at('presets', 'bob.unmingle.json'))).toBe(true);
      expect(worker.output).toMatch(/finishing the jobs that run[\s\S]*jobs done, \d+ attempts failed\n$/);
    });

    test('a queue that is not there is an error', async () => {
      const { code, stderr } = await run('queue status --queue redis://:hidden@127.0.0.1:1');
      expect([code, stderr]).toEqual([1, 'error: cannot use the queue redis://127.0.0.1:1: ECONNREFUSED\n']);
    });
  },
);
