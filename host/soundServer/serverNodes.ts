import * as v from 'valibot';
import type { Hertz } from '../../engine/core/units.ts';
import { AudioError } from '../audio/backend/AudioError.ts';
import type { Pactl } from './pactl.ts';

/** Property by which sinks and sources that this program has made are recognised: their `ModuleOwner` as text. */
export const OWNER_PROPERTY = 'unmingle.owner';

/** A sink or a source of the sound server. */
export interface ServerNode {
  /** Constant while the node exists; not used again while the server runs. */
  readonly index: number;
  /** Constant when a device is plugged in again. Unique in PulseAudio; PipeWire may have several of a name, and opens one of them. */
  readonly name: string;
  /** Text for users, in one line. Unique among the sinks, and among the sources. */
  readonly description: string;
  readonly channels: number;
  readonly sampleRateHertz: Hertz;
  /** Index of the module that has made it; null: unknown. */
  readonly moduleIndex: number | null;
  /** Value of `OWNER_PROPERTY`; null: this program has not made it. */
  readonly owner: string | null;
  /** Of a sink, name of the source that carries its sound; of such a source, name of the sink; null: none. */
  readonly monitor: string | null;
}

/** What a sound server offers. */
export interface ServerNodes {
  readonly sinks: readonly ServerNode[];
  readonly sources: readonly ServerNode[];
}

/** What pactl 16 prints in JSON for a text with a character outside ASCII; without JSON it prints the text itself. */
const UNPRINTED = '(null)';
const DESCRIPTION_LINES = /^\tName: (?<name>.+)\n\tDescription: (?<description>.+)$/gm;
/** More devices than this are left out. */
const MAXIMUM_NODES = 128;
const MAXIMUM_DESCRIPTION_CHARACTERS = 100;
/** Control characters, line separators, and characters that change the direction of the text around them. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** A name with a control character could not be shown, and hardly be chosen. */
const NAME = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.regex(/^\P{Cc}+$/u), v.notValue(UNPRINTED));
const INDEX = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number))]),
  v.integer(),
);

const NODE = v.object({
  index: INDEX,
  name: NAME,
  description: v.optional(v.string(), ''),
  /** Such as "s16le 2ch 48000Hz". */
  sample_specification: v.pipe(v.string(), v.regex(/ [1-9]\d?ch [1-9]\d{3,5}Hz$/)),
  owner_module: v.optional(v.unknown()),
  monitor_source: v.optional(v.unknown()),
  properties: v.optional(v.record(v.string(), v.unknown()), {}),
});
const NODES = v.array(v.unknown());

/** Asks the sound server for its sinks and sources. @throws AudioError if it does not answer, or not as expected */
export async function readServerNodes(pactl: Pactl, signal?: AbortSignal): Promise<ServerNodes> {
  const [sinks, sources] = await Promise.all([readNodes('sinks', pactl, signal), readNodes('sources', pactl, signal)]);
  return { sinks, sources };
}

async function readNodes(kind: keyof ServerNodes, pactl: Pactl, signal?: AbortSignal): Promise<ServerNode[]> {
  const json = await pactl(['--format=json', 'list', kind], signal);
  const hasUnprinted = json.includes(UNPRINTED);
  return parseNodes(json, hasUnprinted ? parseDescriptions(await pactl(['list', kind], signal)) : new Map());
}

/** @param text printed by `pactl list` without JSON @returns the descriptions by the names */
export function parseDescriptions(text: string): Map<string, string> {
  const descriptions = new Map<string, string>();
  for (const { groups } of text.matchAll(DESCRIPTION_LINES)) {
    const { name = '', description = '' } = groups!;
    // A description may contain lines of its own: the first one of a name counts.
    if (!descriptions.has(name)) descriptions.set(name, description);
  }
  return descriptions;
}

/**
 * @param json printed by `pactl --format=json list sinks` or `sources`; entries without a usable name or format are left out
 * @param printed descriptions by name, for those that the JSON lacks
 * @throws AudioError if it is not a list
 */
export function parseNodes(json: string, printed: ReadonlyMap<string, string> = new Map()): ServerNode[] {
  const list = v.safeParse(NODES, parsedJson(json));
  if (!list.success) throw new AudioError('no-audio-system', 'pactl did not print a list', 'install pactl 16 or newer');
  const nodes: ServerNode[] = [];
  const descriptions = new Set<string>();
  for (const entry of list.output) {
    const parsed = v.safeParse(NODE, entry);
    if (!parsed.success) continue;
    const node = serverNode(parsed.output, printed, descriptions);
    descriptions.add(node.description);
    nodes.push(node);
    if (nodes.length === MAXIMUM_NODES) break;
  }
  return nodes;
}

function serverNode(
  entry: v.InferOutput<typeof NODE>,
  printed: ReadonlyMap<string, string>,
  taken: ReadonlySet<string>,
): ServerNode {
  const described = entry.description === UNPRINTED ? (printed.get(entry.name) ?? '') : entry.description;
  const [, channels, rate] = / (\d+)ch (\d+)Hz$/.exec(entry.sample_specification)!;
  const module = v.safeParse(INDEX, entry.owner_module);
  const owner = v.safeParse(NAME, entry.properties[OWNER_PROPERTY]);
  const monitor = v.safeParse(NAME, entry.monitor_source);
  return {
    index: entry.index,
    name: entry.name,
    description: freeDescription(oneLine(described) || oneLine(entry.name), taken),
    channels: Number(channels),
    sampleRateHertz: Number(rate),
    moduleIndex: module.success ? module.output : null,
    owner: owner.success ? owner.output : null,
    monitor: monitor.success ? monitor.output : null,
  };
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function oneLine(text: string): string {
  const line = text.replace(UNPRINTABLE, ' ').replace(/\s+/g, ' ').trim();
  const characters = [...line];
  if (characters.length <= MAXIMUM_DESCRIPTION_CHARACTERS) return line;
  return `${characters.slice(0, MAXIMUM_DESCRIPTION_CHARACTERS - 1).join('')}…`;
}

/** Two devices of one model have the same description. */
function freeDescription(description: string, taken: ReadonlySet<string>): string {
  for (let number = 2, text = description; ; text = `${description} (${number++})`) {
    if (!taken.has(text)) return text;
  }
}
