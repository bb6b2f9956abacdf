import { readFile, readlink } from 'node:fs/promises';

/**
 * Identifies the process that has made a module of the sound server: boot and process namespace, outside of which a number means another
 * process, the number, and the time of its start, since numbers are used again. As text: `BOOT/NAMESPACE/NUMBER/START`.
 */
const OWNER = /^(?<place>[\w-]+\/\w+)\/(?<process>\d+)\/(?<start>\d+)$/;

/** @param processId of a process that runs @throws Error if /proc is missing, as on other systems than Linux */
export async function moduleOwner(processId: number): Promise<string> {
  return `${await thisPlace()}/${processId}/${await startTicks(processId)}`;
}

/**
 * Whether the module of this owner is left over from a process that has ended.
 * @param owner any text; of another machine, container or program it is not
 */
export async function isLeftOver(owner: string): Promise<boolean> {
  const groups = OWNER.exec(owner)?.groups;
  if (groups === undefined || groups.place !== (await thisPlace())) return false;
  return (await startTicks(Number(groups.process))) !== groups.start;
}

async function thisPlace(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  const namespace = await readlink('/proc/self/ns/pid');
  return `${boot.trim()}/${namespace.replace(/\D/g, '')}`;
}

/** Time at which a process was started, in clock ticks since the boot; null: there is no such process. */
async function startTicks(processId: number): Promise<string | null> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => null);
  // The second of 22 fields is the program's name in parentheses, which may contain any character.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
