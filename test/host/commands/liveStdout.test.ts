import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { pipeInto } from '../PipedProgram.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const environment = { ...process.env, UNMINGLE_SETTINGS: join(folder, 'live.json') };
/** Loops the bundled mixture of two voices. */
const live = (words: readonly string[], reader: string, more: NodeJS.ProcessEnv = {}) =>
  pipeInto(['live', '--backend', 'file', '--no-panel', '--no-adaptation', ...words], reader, {
    ...environment,
    ...more,
  });
const SECONDS = 5;
const BYTES_PER_SECOND = 2 * 16_000;
/** Prints the number of bytes, and the largest sample. */
const METER = `let bytes = 0; let peak = 0;
  process.stdin.on('data', (data) => {
    bytes += data.length;
    for (let n = 0; n + 1 < data.length; n += 2) peak = Math.max(peak, Math.abs(data.readInt16LE(n)));
  });
  process.stdin.on('end', () => console.log(JSON.stringify({ bytes, peak })));`;

it('another program reads one voice at 16 kHz in real time, and nothing else', async () => {
  const { code, stderr, read } = await live(['--stdout', 'synthetic-male', '--seconds', `${SECONDS}`], METER);
  expect([code, stderr]).toEqual([0, expect.not.stringMatching(/error/)]);
  const { bytes, peak } = JSON.parse(read.toString()) as { bytes: number; peak: number };
  // Devices are open a little longer than the session runs. A busy machine loses sound, and bypasses the engine for a while.
  expect(bytes / BYTES_PER_SECOND).toBeGreaterThan(SECONDS / 3);
  expect(bytes / BYTES_PER_SECOND).toBeLessThan(SECONDS + 5);
  expect(bytes % 2).toBe(0);
  expect(peak).toBeGreaterThan(300);
});

it('ends quietly if the reader ends early', async () => {
  const { code, stderr } = await live(
    ['--stdout', 'synthetic-male'],
    "process.stdin.once('data', () => process.exit())",
  );
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/error|EPIPE/i);
});

it('the voice goes on when a new engine replaces one that has ended', async () => {
  const faults = join(folder, 'faults');
  mkdirSync(faults);
  const fault = {
    NODE_OPTIONS: `--import=${fileURLToPath(new URL('../../virtualDevices/engineFaults.mjs', import.meta.url))}`,
    UNMINGLE_TEST_FAULTS: faults,
  };
  // Ends the engine after the first half second of sound, and measures what comes later.
  const reader = `let bytes = 0; let later = 0;
    process.stdin.on('data', (data) => {
      if (bytes < 16000 && bytes + data.length >= 16000) require('fs').writeFileSync(${JSON.stringify(join(faults, 'die'))}, '');
      bytes += data.length;
      if (bytes < 48000) return;
      for (let n = 0; n + 1 < data.length; n += 2) later = Math.max(later, Math.abs(data.readInt16LE(n)));
    });
    process.stdin.on('end', () => console.log(later));`;
  const { code, stderr, read } = await live(['--stdout', 'synthetic-male', '--seconds', '9'], reader, fault);
  expect(code).toBe(0);
  expect(stderr).toContain('the engine has been restarted: a fault of the test');
  expect(Number(read.toString())).toBeGreaterThan(300);
});

it('a voice that is not loaded is refused before any work', async () => {
  const { code, stderr, read } = await live(['--stdout', 'eve'], 'process.stdin.pipe(process.stdout)');
  expect([code, read.length]).toEqual([1, 0]);
  expect(stderr).toBe('error: --stdout: "eve" is not in --speakers; there are synthetic-female, synthetic-male\n');
});
