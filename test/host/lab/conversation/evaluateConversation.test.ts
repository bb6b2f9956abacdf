import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConversationReport } from '../../../../host/lab/conversation/conversationReport.ts';
import { runCommand } from '../../commandLine.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { writeVoice } from '../evaluation/voiceFolders.ts';

const folder = temporaryFolder();
const voices = join(folder, 'voices');
/** Two methods without training, whose scores are known: nothing separated, and the best mask there is. */
const words = ['evaluate', voices, '--conversation', '--split', '1:1'];
const run = (...more: string[]) => runCommand([...words, '--methods', 'mixture,oracle', ...more], folder);

beforeAll(() => {
  mkdirSync(voices);
  writeVoice(voices, 'ann', 210, 2, 4);
  writeVoice(voices, 'eve', 180, 2, 4);
  writeVoice(voices, 'bob', 100, 2, 4);
  const facts = { ann: { sex: 'female' }, eve: { sex: 'female' }, bob: { sex: 'male' } };
  writeFileSync(join(voices, 'speakers.json'), JSON.stringify(facts));
});

describe('unmingle evaluate --conversation', () => {
  it('scores every method on the same conversations, by sex, with paired differences and a picture', async () => {
    const [json, plot] = [join(folder, 'report.json'), join(folder, 'picture.svg')];
    const { code, stdout } = await run('--json', json, '--plot', plot, '--overlap', '10,50');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^3 groups of 3 speakers \(1 recordings train, 1 test\), 16000 Hz/);
    const report = JSON.parse(readFileSync(json, 'utf8')) as ConversationReport;
    expect(report.results).toHaveLength(2 * 3 * 2);
    const summary = (method: string, sex: string) =>
      report.summaries.find((each) => each.method === method && each.sex === sex)?.scores;
    expect(summary('mixture', 'all')).toMatchObject({
      leakDecibels: { count: 6 },
      onsetLossDecibels: { count: 6 },
      overlapSiSdrDecibels: { count: 6 },
    });
    expect(summary('mixture', 'all')?.leakDecibels?.median).toBeCloseTo(0, 3);
    expect(summary('oracle', 'all')?.leakDecibels?.worst).toBeLessThan(-60);
    expect(summary('oracle', 'female')?.leakDecibels?.count).toBe(2);
    expect(summary('oracle', 'mixed')?.leakDecibels?.count).toBe(4);
    const [difference] = report.differences;
    expect(difference).toMatchObject({ method: 'oracle', minus: 'mixture' });
    expect(difference?.scores.overlapSiSdrDecibels?.mean).toBeGreaterThan(5);
    expect(readFileSync(plot, 'utf8')).toContain('<svg');
  });

  it('gives the same scores for the same seed, in a room with noise', async () => {
    const room = ['--talkers', '3', '--rt60', '0.3', '--noise', '20', '--pairs', '1', '--json'];
    const results = async (seed: string) => {
      const { stdout } = await runCommand([...words, '--methods', 'mixture', ...room, '--seed', seed], folder);
      return (JSON.parse(stdout) as ConversationReport).results;
    };
    expect(await results('4')).toEqual(await results('4'));
    expect(await results('4')).not.toEqual(await results('5'));
  });

  it.each([
    [['--rt60', '3'], '--rt60'],
    [['--overlap', '25,70'], '--overlap'],
    [['--talkers', '4'], '--talkers'],
    [['--snr', '3'], '--snr has no effect with --conversation'],
    [['--pairs', '9'], '--pairs must be all or at most 3'],
  ])('refuses %j in one line', async (more, message) => {
    const { code, stderr } = await run(...more);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
