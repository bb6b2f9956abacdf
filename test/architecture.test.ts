import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { all, edgesBetween, files, findCircle, type Import, inner } from './architecture/imports.ts';
import { ROOMS } from './architecture/rooms.ts';
import { SAMPLE_WALK } from './architecture/sampleWalk.ts';

/** Rooms that measure, and the packages that nothing else may load. */
const LAB = /^host\/lab\//;
const LAB_PACKAGES = ['@observablehq/plot', 'linkedom'];
/** Commands whose only purpose is to measure. */
const MAY_LOAD_LAB = /^host\/(lab|commands)\//;

/** Only these load the trainer, and with it tfjs: what runs live starts fast and small. */
const MAY_LOAD_TRAINER = /^host\/(workers\/trainerWorker\.ts|lab\/)/;

/** Packages of several hundred files that only commands with a session need: loaded at the start, they would take a third of it. */
const SESSION_PACKAGES = ['rxjs', 'ws'];
/** Limit of the files that are loaded before any command runs. What a command does is loaded when it is run. */
const MOST_FILES_AT_START = 240;

/** Packages that a page may pull in besides the pure engine. */
const UI_PACKAGES = /^(preact(\/hooks)?|rxjs|@audio\/encode-flac)$/;

const isTest = (target: string) => target.startsWith('test/') || target.includes('shared/');

describe('rooms', () => {
  it('are read: the imports that the other checks look at are found', () => {
    expect(inner.length).toBeGreaterThan(1000);
  });

  it('stand in the table, every one of them, and none that is gone', () => {
    const found = new Set([...files, ...inner.map(({ target }) => target)].map(dirname));
    expect([...found].sort()).toEqual(Object.keys(ROOMS).sort());
  });

  it('import from the rooms below them only', () => {
    const wrong = inner.filter(({ file, target }) => {
      const [from, to] = [dirname(file), dirname(target)];
      return from !== to && ROOMS[from]?.includes(to) !== true;
    });
    expect(wrong).toEqual([]);
  });

  it('form no circle in the table', () => {
    const edges = new Map(Object.entries(ROOMS).map(([room, below]) => [room, new Set(below)]));
    expect(findCircle(edges)).toEqual([]);
  });

  it('form no circle in the sources, type imports counted, and neither do files', () => {
    expect(findCircle(edgesBetween(dirname))).toEqual([]);
    expect(findCircle(edgesBetween((file) => file))).toEqual([]);
  });

  it('hold at least two files each', () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count < 2)).toEqual([
      ['engine', 1],
      ['ui', 1],
    ]);
  });
});

describe('packages', () => {
  const isPackage = ({ target }: Import) => !/^(engine|host|ui|test)\//.test(target);

  it('the engine needs no package and no platform; tfjs lives in the trainer', () => {
    const wrong = all.filter(
      (each) =>
        each.file.startsWith('engine/') &&
        (isPackage(each)
          ? !(each.file.startsWith('engine/trainer/') && each.target.startsWith('@tensorflow/'))
          : !each.target.startsWith('engine/')),
    );
    expect(wrong).toEqual([]);
  });

  it('only what trains or measures loads the trainer', () => {
    const wrong = all.filter(
      ({ file, target, isTypeOnly }) =>
        file.startsWith('host/') && target.startsWith('engine/trainer/') && !isTypeOnly && !MAY_LOAD_TRAINER.test(file),
    );
    expect(wrong).toEqual([]);
  });

  it('the lab and its packages are loaded lazily by commands, and by nothing else', () => {
    const wrong = all.filter(
      ({ file, target, isTypeOnly, isLazy }) =>
        !LAB.test(file) &&
        (LAB_PACKAGES.includes(target) || (LAB.test(target) && !(MAY_LOAD_LAB.test(file) && (isLazy || isTypeOnly)))),
    );
    expect(wrong).toEqual([]);
  });

  it('the command line starts with its options, and without the packages of a session', () => {
    const loaded = all.filter(({ isTypeOnly, isLazy }) => !isTypeOnly && !isLazy);
    const reached = new Set(['host/cli.ts']);
    for (const file of reached) {
      for (const each of loaded) if (each.file === file && !isPackage(each)) reached.add(each.target);
    }
    expect(reached.size).toBeGreaterThan(100);
    expect(reached.size).toBeLessThan(MOST_FILES_AT_START);
    expect(loaded.filter(({ file, target }) => reached.has(file) && SESSION_PACKAGES.includes(target))).toEqual([]);
  });

  it('the panel sees the protocol and the pure engine only', () => {
    const wrong = all.filter(
      (each) =>
        each.file.startsWith('ui/') &&
        (isPackage(each) ? !UI_PACKAGES.test(each.target) : !/^(ui\/|engine\/|host\/protocol\/)/.test(each.target)),
    );
    const upwards = all.filter(({ file, target }) => !file.startsWith('ui/') && target.startsWith('ui/'));
    expect([...wrong, ...upwards]).toEqual([]);
  });

  it('nothing imports test, and nothing shipped needs what lies beside the project', () => {
    expect(all.filter(({ target }) => isTest(target))).toEqual([]);
  });
});

describe('sizes', () => {
  const lines = files.map((file) => ({
    file,
    count: readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').split('\n').length - 1,
  }));

  it('no file has more than 400 lines, and the median has about 100', () => {
    expect(lines.filter(({ count, file }) => count > 400 && !file.includes('/generated/'))).toEqual([]);
    const sorted = lines.map(({ count }) => count).sort((one, other) => one - other);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(120);
  });
});

describe('the way of a microphone sample to the loudspeaker', () => {
  const roomsOf = (walk: readonly string[]) =>
    walk.map(dirname).filter((room, index, all) => index === 0 || room !== all[index - 1]);

  it('leads through files that exist, each of which its holder can reach', () => {
    const stops = SAMPLE_WALK.flatMap(({ holder, calls }) => [holder, ...calls]);
    expect(stops.filter((file) => !files.includes(file))).toEqual([]);
    const rooms = edgesBetween(dirname);
    const reaches = (from: string, to: string): boolean =>
      from === to || [...(rooms.get(from) ?? [])].some((below) => reaches(below, to));
    const wrong = SAMPLE_WALK.filter(
      ({ holder, calls }) => !calls.every((file) => reaches(dirname(holder), dirname(file))),
    );
    expect(wrong).toEqual([]);
  });

  it('changes rooms 8 times, calls into lower rooms not counted', () => {
    const handedOver = roomsOf(SAMPLE_WALK.map(({ holder }) => holder));
    const all = roomsOf(SAMPLE_WALK.flatMap(({ holder, calls }) => [holder, ...calls]));
    console.info(
      `A microphone sample changes rooms ${handedOver.length - 1} times (${handedOver.join(' > ')}); ${all.length - 1} times if every call into a lower room and back counts.`,
    );
    expect(handedOver.length - 1).toBeLessThanOrEqual(8);
  });
});
