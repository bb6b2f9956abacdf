import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('process collects no garbage over 20,000 blocks', () => {
  const script = fileURLToPath(new URL('countCollections.mjs', import.meta.url));
  const { collections, heapGrowthBytes } = JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' }));
  expect(collections).toBe(0);
  expect(heapGrowthBytes).toBeLessThan(500_000);
});
