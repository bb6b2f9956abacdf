import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { type HostMessage, parseHostMessage } from '../../../host/protocol/hostMessages.ts';

describe('parseHostMessage', () => {
  it.each<HostMessage>([
    { type: 'state', state: { snapshots: ['Interview'], recording: null } },
    { type: 'past', points: [[0.1, 0.2, 0.032, 0]] },
    { type: 'done', id: 7 },
    { type: 'refused', reason: 'wet: must be at most 1', id: 'quarter' },
    { type: 'refused', reason: 'too many messages; wait a moment' },
  ])('returns valid messages unchanged: %j', (message) => {
    expect(parseHostMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each(['', 'hello', 'null', '[]', '{"type":"hello"}', '{"type":"state"}', '{"type":"state","state":[]}'])(
    'refuses %j',
    (json) => expect(() => parseHostMessage(json)).toThrow(InputError),
  );

  it.each(['{"type":"past","points":[1]}', '{"type":"done","id":{}}', '{"type":"refused","reason":1}'])(
    'names the invalid field of %s',
    (json) => expect(() => parseHostMessage(json)).toThrow(/host message, (points|id|reason): /),
  );
});
