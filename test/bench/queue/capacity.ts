/** Rates measured on one machine, from which the table on paper follows. */
export interface MeasuredRates {
  /** Traffic of the queue's server for a job. */
  readonly serverBytes: number;
  /** Processor time of the queue's server for a job. */
  readonly serverSeconds: number;
  /** Elapsed time for a job that does nothing, with the most workers measured. */
  readonly jobSeconds: number;
}

/** Work of one core of a worker machine: seconds for a job, and bytes that it reads and writes. README.md, evaluation and training. */
const WORK = [
  { name: 'train a voice from 60 s at 16 kHz', seconds: 15, bytes: 2.2e6 },
  { name: 'separate an hour at 16 kHz, two voices, 16 bits', seconds: 180, bytes: 3 * 115e6 },
] as const;
const CORES = 8;
/** A network of 1 Gbit/s at the storage, in bytes a second. */
const STORAGE_BYTES_PER_SECOND = 1e9 / 8;

/** @returns a section in Markdown: what 10 and 100 machines need of queue and storage, and which saturates first */
export function capacityTable({ serverBytes, serverSeconds, jobSeconds }: MeasuredRates): string {
  const rows = WORK.flatMap(({ name, seconds, bytes }) =>
    [10, 100].map((machines) => {
      const rate = (machines * CORES) / seconds;
      const queue = rate * serverSeconds;
      const storage = (rate * bytes) / STORAGE_BYTES_PER_SECOND;
      return `| ${name} | ${machines} | ${rate.toFixed(1)} | ${percent(queue)} | ${percent(storage)} |`;
    }),
  );
  const limits = WORK.map(({ name, seconds, bytes }) => {
    const byStorage = Math.floor((STORAGE_BYTES_PER_SECOND / bytes) * (seconds / CORES));
    const byQueue = Math.floor((1 / serverSeconds) * (seconds / CORES));
    const first = byStorage < byQueue ? 'the storage' : 'the queue';
    return `To ${name}, ${first} saturates first: the storage at ${count(byStorage)} machines, the queue at ${count(byQueue)}.`;
  });
  return `## On paper: 10 and 100 machines

From the rates above: a job costs the queue's server ${(1e6 * serverSeconds).toFixed(0)} µs of its one core and ${(serverBytes / 1000).toFixed(1)} kB of traffic, and ${(1000 * jobSeconds).toFixed(1)} ms in all where everything shares
two cores. Machines have ${CORES} cores, each with one job; the storage is behind 1 Gbit/s.

| work | machines | jobs a second | core of the queue's server | network of the storage |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

${limits.join(' ')}
Not measured: real networks, other storages, and more than one machine.
`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function count(machines: number): string {
  return machines.toLocaleString('en');
}
