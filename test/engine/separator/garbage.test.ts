import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** The default one has a mask network and adapted output templates. */
it.each(['default', 'plain'])(
  'process collects no garbage over 20,000 blocks with the %s speaker set',
  (speakerSet) => {
    const script = fileURLToPath(new URL('countCollections.mjs', import.meta.url));
    const printed = execFileSync(process.execPath, [script, speakerSet], { encoding: 'utf8' });
    const { collections, heapGrowthBytes, hasNetwork } = JSON.parse(printed);
    expect(hasNetwork).toBe(speakerSet === 'default');
    expect(collections).toBe(0);
    // Less than a byte a block.
    expect(heapGrowthBytes).toBeLessThan(20_000);
  },
);
