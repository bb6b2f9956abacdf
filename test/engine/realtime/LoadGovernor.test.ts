import { expect, it } from 'vitest';
import { LoadGovernor } from '../../../engine/realtime/LoadGovernor.ts';

const BLOCK = 0.008;

function run(governor: LoadGovernor, seconds: number, load: (level: number) => number): number[] {
  const levels: number[] = [];
  for (let time = 0; time < seconds; time += BLOCK) {
    governor.update(BLOCK, load(governor.level) * BLOCK, 0);
    levels.push(governor.level);
  }
  return levels;
}

it('stays at full work under an easy load and after single slow blocks', () => {
  const governor = new LoadGovernor();
  expect(Math.max(...run(governor, 10, () => 0.3))).toBe(0);
  for (let spike = 0; spike < 20; spike++) {
    governor.update(BLOCK, 2 * BLOCK, 0.01);
    expect(Math.max(...run(governor, 0.5, () => 0.1))).toBe(0);
  }
});

it('reduces work within a tenth of a second of a backlog, down to a level that suffices', () => {
  const governor = new LoadGovernor();
  governor.update(BLOCK, 0.1 * BLOCK, 0);
  run(governor, 1, () => 0.1);
  governor.update(BLOCK, 5 * BLOCK, 0.05);
  expect(governor.level).toBe(1);
  const levels = run(governor, 0.3, (level) => [3, 1.5, 0.5, 0.01][level]!);
  expect(levels.at(-1)).toBe(2);
});

it('recovers after the load has ended, and retries ever less often while it lasts', () => {
  const governor = new LoadGovernor();
  const load = (level: number) => [1.5, 0.2, 0.1, 0.01][level]!;
  const levels = run(governor, 60, load);
  const trials = levels.filter((level, n) => n > 0 && level < levels[n - 1]!).length;
  expect(trials).toBeGreaterThan(2);
  expect(trials).toBeLessThan(8);
  expect(run(governor, 20, () => 0.1).at(-1)).toBe(0);
});
