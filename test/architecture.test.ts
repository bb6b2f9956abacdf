import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Every room (folder) of the sources, and the rooms it may import from besides itself. Imports go down only: a room stands below all rooms
 * that name it. ARCHITECTURE.md describes what each room holds and in which thread or process it runs.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  // Pure knowledge: no package, no platform.
  'engine/core': [],
  'engine/kernel/generated': [],
  'engine/kernel': ['engine/core', 'engine/kernel/generated'],
  'engine/stft': ['engine/core', 'engine/kernel'],
  'engine/channels': ['engine/core', 'engine/kernel', 'engine/stft'],
  'engine/factorization': ['engine/core', 'engine/kernel'],
  'engine/network': ['engine/core', 'engine/kernel'],
  'engine/model': ['engine/core', 'engine/network', 'engine/stft'],
  'engine/separator': [
    'engine/core',
    'engine/kernel',
    'engine/stft',
    'engine/factorization',
    'engine/network',
    'engine/model',
  ],
  'engine/realtime': ['engine/core', 'engine/model', 'engine/separator'],
  'engine/adaptation': [
    'engine/core',
    'engine/kernel',
    'engine/stft',
    'engine/network',
    'engine/model',
    'engine/separator',
  ],
  'engine/embedding': ['engine/core', 'engine/kernel', 'engine/network'],
  'engine/diarization': ['engine/core', 'engine/embedding'],
  'engine/evaluation': ['engine/core', 'engine/kernel', 'engine/stft'],
  'engine/transform': ['engine/core', 'engine/kernel', 'engine/stft'],
  'engine/trainer': [
    'engine/core',
    'engine/kernel',
    'engine/stft',
    'engine/factorization',
    'engine/network',
    'engine/model',
    'engine/transform',
  ],
  'engine/worklet': ['engine/core', 'engine/kernel', 'engine/stft', 'engine/model', 'engine/separator'],
  /** index.ts: the public face of the package. */
  engine: [
    'engine/core',
    'engine/kernel',
    'engine/stft',
    'engine/factorization',
    'engine/network',
    'engine/model',
    'engine/separator',
    'engine/realtime',
    'engine/adaptation',
    'engine/evaluation',
    'engine/transform',
  ],

  // Node: what the processes and threads share.
  'host/files': ['engine/core'],
  'host/audio': ['engine/core', 'engine/channels', 'engine/stft', 'host/files'],
  'host/audio/backend': ['engine/core', 'host/files', 'host/audio'],
  'host/protocol': ['engine/core', 'engine/stft', 'engine/model', 'engine/separator', 'engine/realtime'],
  'host/rpc': [
    'engine/core',
    'engine/stft',
    'engine/model',
    'engine/separator',
    'engine/realtime',
    'host/audio/backend',
    'host/protocol',
  ],
  // Worker threads of the main process.
  'host/workers': ['engine/core', 'engine/kernel', 'engine/model', 'engine/adaptation', 'engine/trainer', 'host/rpc'],
  'host/library': ['engine/core', 'engine/stft', 'engine/model', 'host/files', 'host/workers'],
  // The audio process and its engine thread.
  'host/audioProcess': [
    'engine/core',
    'engine/channels',
    'engine/stft',
    'engine/model',
    'engine/separator',
    'engine/realtime',
    'host/files',
    'host/audio',
    'host/audio/backend',
    'host/protocol',
    'host/rpc',
    'host/workers',
  ],
  // The main process.
  'host/offline': [
    'engine/core',
    'engine/channels',
    'engine/stft',
    'engine/model',
    'engine/separator',
    'engine/realtime',
    'engine/embedding',
    'engine/diarization',
    'engine/evaluation',
    'host/files',
    'host/audio',
    'host/workers',
    'host/library',
  ],
  'host/recording': [
    'engine/core',
    'engine/kernel',
    'engine/model',
    'host/files',
    'host/audio',
    'host/protocol',
    'host/rpc',
    'host/workers',
    'host/library',
    'host/offline',
  ],
  'host/session': [
    'engine/core',
    'engine/stft',
    'engine/model',
    'engine/separator',
    'engine/realtime',
    'host/files',
    'host/audio',
    'host/audio/backend',
    'host/protocol',
    'host/rpc',
    'host/workers',
    'host/library',
    'host/offline',
    'host/recording',
  ],
  'host/panel': ['engine/core', 'engine/model', 'host/files', 'host/protocol', 'host/recording', 'host/session'],
  // What measures. Only commands load it, and only when they run.
  'host/lab/paper': ['engine/core', 'engine/factorization', 'engine/trainer', 'host/files'],
  'host/lab/evaluation/methods': [
    'engine/core',
    'engine/kernel',
    'engine/stft',
    'engine/model',
    'engine/separator',
    'engine/adaptation',
    'engine/trainer',
    'host/lab/paper',
  ],
  'host/lab/evaluation': [
    'engine/core',
    'engine/stft',
    'engine/model',
    'engine/evaluation',
    'engine/trainer',
    'host/files',
    'host/audio',
    'host/rpc',
    'host/lab/paper',
    'host/lab/evaluation/methods',
  ],
  'host/lab/conversation': [
    'engine/core',
    'engine/stft',
    'engine/evaluation',
    'engine/trainer',
    'host/files',
    'host/audio',
    'host/lab/evaluation',
    'host/lab/evaluation/methods',
  ],
  'host/lab/experiments': [
    'engine/core',
    'engine/kernel',
    'engine/stft',
    'engine/factorization',
    'engine/model',
    'engine/separator',
    'engine/transform',
    'engine/trainer',
    'host/files',
    'host/audio',
    'host/offline',
    'host/lab/paper',
    'host/lab/evaluation',
    'host/lab/evaluation/methods',
  ],
  'host/lab/bench': [
    'engine/core',
    'engine/kernel',
    'engine/kernel/generated',
    'engine/stft',
    'engine/factorization',
    'engine/network',
    'engine/model',
    'engine/separator',
    'host/files',
    'host/audio',
    'host/library',
  ],
  'host/lab/validation/harness': [
    'engine/core',
    'engine/kernel',
    'engine/stft',
    'engine/network',
    'engine/model',
    'engine/separator',
    'host/library',
  ],
  'host/lab/validation/checks': ['engine/core', 'engine/stft', 'engine/model', 'host/lab/validation/harness'],
  'host/lab/validation': [
    'engine/core',
    'engine/kernel',
    'engine/separator',
    'host/lab/validation/harness',
    'host/lab/validation/checks',
  ],
  'host/commands': [
    'engine/core',
    'engine/diarization',
    'engine/stft',
    'engine/model',
    'host/files',
    'host/audio',
    'host/audio/backend',
    'host/protocol',
    'host/workers',
    'host/library',
    'host/offline',
    'host/session',
    'host/panel',
    'host/lab/evaluation',
    'host/lab/evaluation/methods',
    'host/lab/conversation',
    'host/lab/experiments',
    'host/lab/bench',
    'host/lab/validation',
  ],
  /** cli.ts and index.ts: the program, and the public face of the package for Node. */
  host: [
    'engine/core',
    'engine/realtime',
    'host/files',
    'host/audio',
    'host/audio/backend',
    'host/rpc',
    'host/commands',
    'host/library',
    'host/offline',
    'host/panel',
    'host/protocol',
    'host/recording',
    'host/session',
    'host/workers',
  ],

  // The page: base <- link <- midi <- model <- tabs <- shell.
  'ui/styles': [],
  'ui/base': ['engine/core', 'host/protocol'],
  'ui/controls': ['ui/base'],
  'ui/link': ['engine/core', 'host/protocol', 'ui/base'],
  'ui/midi': ['engine/core', 'host/protocol', 'ui/base', 'ui/link'],
  'ui/model': [
    'engine/core',
    'engine/network',
    'engine/model',
    'engine/realtime',
    'host/protocol',
    'ui/base',
    'ui/link',
    'ui/midi',
  ],
  'ui/mixer': ['engine/core', 'engine/model', 'host/protocol', 'ui/base', 'ui/controls', 'ui/midi', 'ui/model'],
  'ui/visualizer': [
    'engine/core',
    'engine/model',
    'engine/realtime',
    'host/protocol',
    'ui/base',
    'ui/controls',
    'ui/model',
  ],
  'ui/voices': ['engine/core', 'engine/model', 'host/protocol', 'ui/base', 'ui/controls', 'ui/link', 'ui/model'],
  'ui/enrol': ['host/protocol', 'ui/base', 'ui/controls', 'ui/model'],
  'ui/settings': ['engine/separator', 'engine/stft', 'host/protocol', 'ui/base', 'ui/controls', 'ui/midi', 'ui/model'],
  'ui/health': ['engine/core', 'host/protocol', 'ui/base', 'ui/controls', 'ui/model'],
  'ui/recording': [
    'engine/core',
    'engine/realtime',
    'host/protocol',
    'ui/base',
    'ui/controls',
    'ui/link',
    'ui/model',
    'ui/visualizer',
  ],
  'ui/shell': [
    'host/protocol',
    'ui/base',
    'ui/controls',
    'ui/model',
    'ui/mixer',
    'ui/recording',
    'ui/visualizer',
    'ui/voices',
    'ui/enrol',
    'ui/settings',
    'ui/health',
  ],
  /** main.tsx makes the objects that all parts of the page share. */
  ui: ['host/protocol', 'ui/styles', 'ui/base', 'ui/link', 'ui/midi', 'ui/model', 'ui/shell'],
  'ui/example': ['engine/core', 'engine/stft', 'engine/worklet'],
};

/** Rooms that measure, and the packages that nothing else may load. */
const LAB = /^host\/lab\//;
const LAB_PACKAGES = ['@observablehq/plot', 'linkedom'];
/** Commands whose only purpose is to measure. */
const MAY_LOAD_LAB = /^host\/(lab|commands)\//;

/** Only these load the trainer, and with it tfjs: what runs live starts fast and small. */
const MAY_LOAD_TRAINER = /^host\/(workers\/trainerWorker\.ts|lab\/)/;

/** Packages that a page may pull in besides the pure engine. */
const UI_PACKAGES = /^(preact(\/hooks)?|rxjs)$/;

/**
 * The way of a microphone sample to the loudspeaker, as ARCHITECTURE.md draws it. `holder`: the object that hands the sample on. `calls`:
 * what it calls in lower rooms, and returns from, meanwhile.
 */
const SAMPLE_WALK: readonly { readonly holder: string; readonly calls: readonly string[] }[] = [
  { holder: 'host/audio/backend/PortAudioBackend.ts', calls: [] },
  { holder: 'host/audioProcess/LiveAudio.ts', calls: [] },
  { holder: 'engine/realtime/InputPort.ts', calls: ['engine/core/SampleRing.ts'] },
  { holder: 'host/audioProcess/engineWorker.ts', calls: [] },
  {
    holder: 'engine/realtime/LiveEngine.ts',
    calls: [
      'engine/core/SampleRing.ts',
      'engine/separator/Separator.ts',
      'engine/separator/SeparationChain.ts',
      'engine/core/CircularBuffer.ts',
      'engine/stft/Stft.ts',
      'engine/kernel/RealFft.ts',
      'engine/stft/magnitudes.ts',
      'engine/separator/SpeakerSetSolver.ts',
      'engine/factorization/ActivationSolver.ts',
      'engine/kernel/MatrixVectorProduct.ts',
      'engine/separator/MaskRefinement.ts',
      'engine/network/MaskNetworkInference.ts',
      'engine/separator/WienerMask.ts',
      'engine/stft/InverseStft.ts',
      'engine/kernel/RealFft.ts',
    ],
  },
  { holder: 'engine/realtime/Mixer.ts', calls: ['engine/core/SampleRing.ts'] },
  { holder: 'host/audio/backend/PortAudioBackend.ts', calls: [] },
  { holder: 'host/audioProcess/LiveAudio.ts', calls: [] },
  { holder: 'engine/realtime/PlayoutBuffer.ts', calls: ['engine/core/SampleRing.ts'] },
  { holder: 'engine/realtime/AdaptiveResampler.ts', calls: ['engine/core/CircularBuffer.ts'] },
  { holder: 'host/audio/backend/PortAudioBackend.ts', calls: [] },
];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
  /** `import(...)`: loaded when a command runs. */
  readonly isLazy: boolean;
}

function sourceFiles(): string[] {
  return ['engine', 'host', 'ui'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('engine/kernel/assembly/')),
  );
}

function imports(): Import[] {
  const found: Import[] = [];
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    const statements =
      /^\s*(?:import|export)(\s+type)?\s[^'";]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import '([^']+)'/gm;
    for (const [, typeOnly, from, lazy, bare] of text.matchAll(statements)) {
      const specifier = from ?? lazy ?? bare;
      if (specifier === undefined) continue;
      const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
      found.push({ file, target, isTypeOnly: typeOnly !== undefined, isLazy: lazy !== undefined });
    }
  }
  return found;
}

/** @returns the first circle found, as the nodes on it; empty: there is none */
function findCircle(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): readonly string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    path.pop();
    done.add(node);
    return [];
  };
  for (const node of edges.keys()) {
    const circle = visit(node);
    if (circle.length > 0) return circle;
  }
  return [];
}

function edgesBetween(nodeOf: (file: string) => string): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { file, target } of inner) {
    const [from, to] = [nodeOf(file), nodeOf(target)];
    if (from !== to) edges.set(from, (edges.get(from) ?? new Set()).add(to));
  }
  return edges;
}

const files = sourceFiles();
const all = imports();
/** Imports of our own files. */
const inner = all.filter(({ target }) => /^(engine|host|ui)\//.test(target));
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
  const lines = files.map((file) => ({ file, count: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }));

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
