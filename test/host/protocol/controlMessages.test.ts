import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { Random } from '../../../engine/core/Random.ts';
import { MAXIMUM_CONTROL_BYTES, parseControlMessage } from '../../../host/protocol/controlMessages.ts';

describe('parseControlMessage', () => {
  it('returns valid messages unchanged', () => {
    const message = { type: 'setSpeaker', slot: 1, gainDecibels: -6, isMuted: true };
    expect(parseControlMessage(JSON.stringify(message))).toEqual(message);
    expect(parseControlMessage('{"type":"setWindow","latency":"ear"}')).toEqual({ type: 'setWindow', latency: 'ear' });
  });

  it.each([
    ['', /JSON/],
    ['null', /message/],
    ['{"type":"reboot"}', /type/],
    ['{"type":"setSpeaker","slot":8}', /slot/],
    ['{"type":"setSpeaker","slot":0.5}', /slot/],
    ['{"type":"setSpeaker","slot":0,"gainDecibels":13}', /gainDecibels: must be at most 12/],
    ['{"type":"setSpeaker","slot":0,"path":"/etc/passwd"}', /setSpeaker has no field path; it has slot, voice, gain/],
    ['{"type":"setMaster","isBypased":true}', /setMaster has no field isBypased; it has .*isBypassed/],
    ['{"type":"startDemo","slot":0}', /startDemo has no field slot; it has none/],
    ['{"type":"saveScene"}', /saveSnapshot needs the field name/],
    ['{"type":"setSpeaker","slot":0,"colour":"red;}"}', /colour/],
    ['{"type":"loadPreset","slot":0,"preset":"../../etc/passwd"}', /preset: must be 1 to 64 letters/],
    ['{"type":"saveScene","name":".hidden"}', /name/],
    ['{"type":"saveSnapshot","name":".hidden"}', /name/],
    ['{"type":"setParameters","iterations":1e9}', /iterations: must be at most/],
    ['{"type":"setWindow","latency":"fast"}', /latency/],
    [`{"type":"saveScene","name":"${'x'.repeat(MAXIMUM_CONTROL_BYTES)}"}`, /at most/],
  ])('refuses %s', (json, reason) => {
    expect(() => parseControlMessage(json)).toThrow(InputError);
    expect(() => parseControlMessage(json)).toThrow(reason);
  });

  it.each([
    ['saveScene', 'saveSnapshot'],
    ['recallScene', 'recallSnapshot'],
    ['deleteScene', 'deleteSnapshot'],
  ])('accepts %s of version 0.1 as %s', (former, type) => {
    expect(parseControlMessage(JSON.stringify({ type: former, name: 'Interview' }))).toEqual({
      type,
      name: 'Interview',
    });
  });

  it('accepts or refuses each of 10,000 corrupted messages, without any other error', () => {
    const random = new Random(11);
    const good = '{"type":"setSpeaker","slot":1,"gainDecibels":-6,"isMuted":true}';
    for (let trial = 0; trial < 10_000; trial++) {
      const characters = [...good];
      for (let edit = 0; edit < 3; edit++) {
        const position = Math.floor(random.uniform() * characters.length);
        characters[position] = String.fromCharCode(32 + Math.floor(random.uniform() * 95));
      }
      try {
        parseControlMessage(characters.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  });
});
