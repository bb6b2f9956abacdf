import * as v from 'valibot';
import { withoutByteOrderMark } from '../../engine/core/byteOrderMark.ts';
import { PARAMETERS } from '../../engine/separator/parameters.ts';
import { FIELDS } from '../protocol/fields.ts';
import { SNAPSHOT, type Snapshot } from '../protocol/settingsSchema.ts';

/** Content of the settings file. */
export interface StoredSettings {
  readonly snapshots: Readonly<Record<string, Snapshot>>;
  /** Settings last used with each input device, by its name. */
  readonly devices: Readonly<Record<string, Snapshot>>;
}

export interface ParsedSettings extends StoredSettings {
  /** The first invalid field and what is allowed; null if the whole text is valid. */
  readonly problem: string | null;
}

export const NO_SETTINGS: StoredSettings = { snapshots: {}, devices: {} };

/** Reads the text of a settings file. Each field is checked by the schema of the control messages; invalid entries are left out. */
export function parseSettings(text: string): ParsedSettings {
  let value: unknown;
  try {
    value = JSON.parse(withoutByteOrderMark(text));
  } catch {
    return { ...NO_SETTINGS, problem: 'the file is not valid JSON' };
  }
  if (!isRecord(value)) return { ...NO_SETTINGS, problem: 'the file is not a JSON object' };
  // Files of version 0.1 hold the snapshots under the name `scenes`.
  const snapshots = parseEntries('snapshots', value.snapshots ?? value.scenes, FIELDS.snapshotName);
  const devices = parseEntries('devices', value.devices, v.string());
  return { snapshots: snapshots.entries, devices: devices.entries, problem: snapshots.problem ?? devices.problem };
}

interface ParsedEntries {
  readonly entries: Readonly<Record<string, Snapshot>>;
  readonly problem: string | null;
}

function parseEntries(field: string, value: unknown, nameSchema: v.GenericSchema<string>): ParsedEntries {
  if (!isRecord(value)) return { entries: {}, problem: `${field}: must be an object` };
  const entries: [string, Snapshot][] = [];
  let problem: string | null = null;
  for (const [name, entry] of Object.entries(value)) {
    const named = v.safeParse(nameSchema, name);
    const parsed = v.safeParse(SNAPSHOT, migrated(entry), { abortEarly: true });
    if (named.success && parsed.success) entries.push([name, parsed.output]);
    else if (!named.success) problem ??= `${field}: the name ${JSON.stringify(name)} ${named.issues[0].message}`;
    else if (!parsed.success) problem ??= issueText(`${field}.${name}`, parsed.issues[0]);
  }
  // Names are chosen by users: unlike an assignment, fromEntries creates a property of its own for "__proto__" too.
  return { entries: Object.fromEntries(entries), problem };
}

function issueText(prefix: string, issue: v.InferIssue<typeof SNAPSHOT>): string {
  const path = v.getDotPath(issue);
  return `${path === null ? prefix : `${prefix}.${path}`}: ${issue.message}`;
}

/** Limits parameters written by another version to the present ranges. Version 0.1 stored the path of a preset loaded from a file. */
function migrated(entry: unknown): unknown {
  if (!isRecord(entry)) return entry;
  const { parameters, speakers } = entry;
  return {
    ...entry,
    parameters: isRecord(parameters) ? limited(parameters) : parameters,
    speakers: Array.isArray(speakers) ? speakers.map(withName) : speakers,
  };
}

function limited(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const limits = Object.entries(PARAMETERS).map(([name, { minimum, maximum }]) => {
    const value = parameters[name];
    return [name, typeof value === 'number' ? Math.max(minimum, Math.min(maximum, value)) : value];
  });
  return { ...parameters, ...Object.fromEntries(limits) };
}

function withName(speaker: unknown): unknown {
  if (!isRecord(speaker) || typeof speaker.preset !== 'string' || !/[/\\]/.test(speaker.preset)) return speaker;
  return { ...speaker, preset: speaker.preset.replace(/^.*[/\\]/s, '').replace(/(\.unmingle)?\.json$/i, '') };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
