import { AudioError } from '../audio/backend/AudioError.ts';
import { isLeftOver } from './moduleOwner.ts';
import type { Pactl } from './pactl.ts';
import { OWNER_PROPERTY, readServerNodes, type ServerNode, type ServerNodes } from './serverNodes.ts';

/** Names in the sound server. What belongs to a session is recognised by `OWNER_PROPERTY` alone. */
const SINK = 'unmingle-mix';
const SOURCE = 'unmingle-microphone';
/** Text under which other programs list the microphone. */
export const MICROPHONE_DESCRIPTION = 'Unmingle microphone';
const SINK_DESCRIPTION = 'Unmingle mix';

/** Whether the virtual microphone of this owner exists, with its sink. */
export function isComplete({ sinks, sources }: ServerNodes, owner: string): boolean {
  const isOwned = (node: ServerNode) => node.owner === owner;
  return sinks.some(isOwned) && sources.some(isOwned);
}

/**
 * Makes a sink, and a source that carries its sound: programs hide the monitor of a sink, which would carry it as well, from their lists of
 * microphones. Removes first what ended processes have left. If it fails, nothing is left.
 * @throws AudioError if another session has made one, or the server refuses
 */
export async function makeModules(pactl: Pactl, owner: string): Promise<void> {
  requireNoOther(await removeLeftOvers(pactl), owner);
  try {
    await pactl(loadSink(owner));
    const sink = (await readServerNodes(pactl)).sinks.find((node) => node.owner === owner);
    if (sink?.monitor == null)
      throw new AudioError('gone', 'the sound server has made no virtual microphone', 'restart it');
    await pactl(loadSource(owner, sink.monitor));
    // Two sessions that start at once both have found none.
    requireNoOther(await readServerNodes(pactl), owner);
  } catch (error) {
    await removeModules(pactl, owner).catch(() => {});
    throw error;
  }
}

/** Removes what ended processes of this machine have left. @returns what there is then @throws AudioError */
export async function removeLeftOvers(pactl: Pactl): Promise<ServerNodes> {
  const nodes = await readServerNodes(pactl);
  const owners = new Set([...nodes.sinks, ...nodes.sources].map(({ owner }) => owner));
  let hasRemoved = false;
  for (const owner of owners) {
    if (owner === null || !(await isLeftOver(owner))) continue;
    await unload(pactl, nodes, owner);
    hasRemoved = true;
  }
  return hasRemoved ? readServerNodes(pactl) : nodes;
}

/** Removes what this owner has made. @throws AudioError */
export async function removeModules(pactl: Pactl, owner: string): Promise<void> {
  await unload(pactl, await readServerNodes(pactl), owner);
}

/** Modules are found by what they have made: their indices are used again after a restart of the server. */
async function unload(pactl: Pactl, { sinks, sources }: ServerNodes, owner: string): Promise<void> {
  const owned = [...sources, ...sinks].filter((node) => node.owner === owner);
  const modules = new Set(owned.flatMap(({ moduleIndex }) => (moduleIndex === null ? [] : [moduleIndex])));
  let failure: unknown = null;
  for (const module of modules) {
    await pactl(['unload-module', String(module)]).catch((error: unknown) => {
      failure = error;
    });
  }
  if (failure === null) return;
  // The source may have been removed with its sink.
  const after = await readServerNodes(pactl);
  if ([...after.sources, ...after.sinks].some((node) => node.owner === owner)) throw failure;
}

/** @throws AudioError if somebody else has a virtual microphone, and, of two that were made at once, for the later one */
function requireNoOther({ sinks }: ServerNodes, owner: string): void {
  const made = sinks.filter((node) => node.owner !== null);
  const first = made.toSorted((a, b) => a.index - b.index)[0];
  if (first === undefined || first.owner === owner) return;
  throw new AudioError('busy', 'another session has made the virtual microphone', 'stop that session first');
}

function loadSink(owner: string): string[] {
  const properties = `device.description="${SINK_DESCRIPTION}" ${OWNER_PROPERTY}="${owner}"`;
  return [
    'load-module',
    'module-null-sink',
    `sink_name=${SINK}`,
    // Otherwise PulseAudio takes its sound in pieces of 2 s until another program records it.
    'norewinds=1',
    'channels=1',
    'channel_map=mono',
    `sink_properties='${properties}'`,
  ];
}

function loadSource(owner: string, monitor: string): string[] {
  const icon = 'device.icon_name="audio-input-microphone"';
  const properties = `device.description="${MICROPHONE_DESCRIPTION}" ${icon} ${OWNER_PROPERTY}="${owner}"`;
  return [
    'load-module',
    'module-remap-source',
    `source_name=${SOURCE}`,
    `master=${monitor}`,
    `source_properties='${properties}'`,
  ];
}
