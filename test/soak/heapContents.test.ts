import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { heapContents } from './heapContents.ts';

it('counts objects and the memory of buffers, and compiled code apart', () => {
  const folder = temporaryFolder();
  const before = heapContents(writeHeapSnapshot(join(folder, 'before.heapsnapshot')));
  const buffer = new Float32Array(1e6).fill(1);
  const objects = Array.from({ length: 20_000 }, (_, index) => ({ index: index + 0.5 }));
  const after = heapContents(writeHeapSnapshot(join(folder, 'after.heapsnapshot')));
  const kept = buffer.byteLength + 24 * objects.length;
  expect(after.objects - before.objects).toBeGreaterThan(kept);
  expect(after.objects - before.objects).toBeLessThan(kept + 2e6);
  expect(Math.abs(after.code - before.code)).toBeLessThan(1e6);
  expect(after.code).toBeGreaterThan(1e6);
});
