import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openPartial, publishPartial } from '../../../host/files/partialFile.ts';
import { writeTextFile } from '../../../host/files/writeTextFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const root = temporaryFolder();
let folder = root;
let number = 0;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = join(root, `case-${number++}`);
  await mkdir(folder);
});

/** Id of a process that has ended. */
const endedProcess = spawnSync(process.execPath, ['--version']).pid;

describe('publishing', () => {
  it('does not replace a file that has appeared meanwhile, unless it is to be replaced', async () => {
    const { handle, path } = await openPartial(at('voice.wav'));
    await handle.writeFile('new');
    await handle.close();
    writeFileSync(at('voice.wav'), 'precious');
    await expect(publishPartial(path, at('voice.wav'), 'create')).rejects.toThrow(/EEXIST/);
    expect(readFileSync(at('voice.wav'), 'utf8')).toBe('precious');
    await publishPartial(path, at('voice.wav'), 'replace');
    expect(readFileSync(at('voice.wav'), 'utf8')).toBe('new');
  });

  it.skipIf(process.platform === 'win32')('replaces a link itself, not the file that it leads to', async () => {
    writeFileSync(at('precious'), 'precious');
    symlinkSync('precious', at('link.json'));
    symlinkSync('nowhere', at('broken.json'));
    await expect(writeTextFile(at('broken.json'), 'new', 'create')).rejects.toThrow(/it already exists/);
    await writeTextFile(at('link.json'), 'new', 'replace');
    expect(readFileSync(at('precious'), 'utf8')).toBe('precious');
    expect(readFileSync(at('link.json'), 'utf8')).toBe('new');
    expect(readdirSync(folder).sort()).toEqual(['broken.json', 'link.json', 'precious']);
  });

  it('of the same name twice at once keeps the first and leaves no partial file', async () => {
    const results = await Promise.allSettled(['one', 'two'].map((text) => writeTextFile(at('x.json'), text, 'create')));
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(readdirSync(folder)).toEqual(['x.json']);
  });
});

describe('partial files that killed processes left', () => {
  const remaining = async () => {
    await writeTextFile(at('new.json'), '{}', 'create');
    return readdirSync(folder).filter((name) => name !== 'new.json');
  };

  it('are removed by the next write into the folder', async () => {
    for (const name of [`.v367.wav.${endedProcess}.partial`, `.a.b.json.${endedProcess}-2.partial`])
      writeFileSync(at(name), 'half');
    expect(await remaining()).toEqual([]);
  });

  it('of another running process stay', async () => {
    const name = `.v367.wav.${process.ppid}.partial`;
    writeFileSync(at(name), 'half');
    expect(await remaining()).toEqual([name]);
  });

  it('of this process stay, unless they are older than the process, whose id a container uses again', async () => {
    const [present, old] = [`.a.wav.${process.pid}.partial`, `.b.wav.${process.pid}.partial`];
    for (const name of [present, old]) writeFileSync(at(name), 'half');
    const before = Date.now() / 1000 - process.uptime() - 60;
    utimesSync(at(old), before, before);
    expect(await remaining()).toEqual([present]);
  });

  it.skipIf(process.platform === 'win32')('are told from files of other programs, links and folders', async () => {
    const names = [`.download.iso.${endedProcess}.partial`, `v367.wav.${endedProcess}.partial`, '.v367.wav.partial'];
    for (const name of names) writeFileSync(at(name), 'precious');
    const [folderName, linkName] = [`.d.wav.${endedProcess}.partial`, `.l.wav.${endedProcess}.partial`];
    await mkdir(at(folderName));
    symlinkSync('precious', at(linkName));
    expect((await remaining()).toSorted()).toEqual([...names, folderName, linkName].toSorted());
  });
});
