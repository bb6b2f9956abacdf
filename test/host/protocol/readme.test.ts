import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as v from 'valibot';
import { expect, it } from 'vitest';
import { TELEMETRY_VERSION } from '../../../engine/realtime/telemetryFrame.ts';
import { CONTROL_MESSAGE, MAXIMUM_CONTROL_BYTES, parseControlMessage } from '../../../host/protocol/controlMessages.ts';
import { RECORDING_EDIT } from '../../../host/protocol/recordingMessages.ts';

const page = readFileSync(fileURLToPath(new URL('../../../host/protocol/README.md', import.meta.url)), 'utf8');

/** The parts of a valibot schema that this test reads. */
interface Schema {
  readonly kind?: string;
  readonly type: string;
  readonly wrapped?: Schema;
  readonly pipe?: readonly Schema[];
  readonly options?: readonly (Schema | string)[];
  readonly requirement?: unknown;
}

/** Flattens nested pipes. */
function steps({ pipe = [] }: Schema): readonly Schema[] {
  return pipe.flatMap((each, index) => (index === 0 ? steps(each) : [each]));
}

/** Text of the table's column "values". */
function valuesText(schema: Schema): string {
  const { type, wrapped, options = [] } = schema;
  const pipe = steps(schema);
  if (type === 'optional') return valuesText(wrapped!);
  if (type === 'nullable') return `${valuesText(wrapped!)} or null`;
  if (type === 'variant') return 'edit';
  if (type === 'picklist') return options.join(', ');
  if (type === 'union') return options.map((option) => valuesText(option as Schema)).join(' or ');
  const limit = (action: string) => pipe.find((each) => each.type === action)?.requirement;
  if (type === 'number') {
    const whole = pipe.some((each) => each.type === 'integer') ? 'whole, ' : '';
    return `${whole}${limit('min_value')} to ${limit('max_value')}`;
  }
  if (type === 'string') {
    const pattern = limit('regex');
    if (pattern instanceof RegExp) {
      expect('#4f8ef7').toMatch(pattern);
      return 'text like #4f8ef7';
    }
    return limit('check') === undefined ? 'text' : 'name';
  }
  return type;
}

/** `type field? values` of each row. */
function schemaRows(schema: { readonly options: unknown }): string[] {
  const messages = schema.options as readonly v.StrictObjectSchema<v.ObjectEntries, undefined>[];
  return messages.flatMap(({ entries }) => {
    const { type, ...fields } = entries as unknown as Record<string, Schema & { readonly literal?: string }>;
    const rows = Object.entries(fields).map(
      ([name, schema]) => `${type!.literal} ${name}${schema.type === 'optional' ? '?' : ''} ${valuesText(schema)}`,
    );
    return rows.length === 0 ? [`${type!.literal}`] : rows;
  });
}

function pageRows(title: string): string[] {
  const [, table] = new RegExp(`\\n\\| ${title} \\| field \\| values[^\\n]*\\n[^\\n]*\\n((?:\\|[^\\n]*\\n)+)`).exec(
    page,
  )!;
  let type = '';
  return table!
    .trim()
    .split('\n')
    .map((row) => {
      const [, first, field, values] = row.split('|').map((cell) => cell.trim().replaceAll('`', ''));
      if (first !== '') type = first!;
      return [type, field, values].join(' ').trim();
    });
}

it('the page lists every message and field with the values that the schema allows', () => {
  expect(pageRows('type')).toEqual(schemaRows(CONTROL_MESSAGE));
  expect(pageRows('edit')).toEqual(schemaRows(RECORDING_EDIT));
  expect(page).toContain(`most ${MAXIMUM_CONTROL_BYTES} bytes`);
  expect(page).toContain(`the version, ${TELEMETRY_VERSION}.`);
});

it('messages in the examples are valid', () => {
  const examples = [...page.matchAll(/'(\{"type":[^']*\})'/g)].map(([, json]) => json!);
  expect(examples).toHaveLength(2);
  for (const json of examples) expect(parseControlMessage(json)).toHaveProperty('type');
});
