import { describe, expect, it } from 'vitest';
import { parseDescriptions, parseNodes } from '../../../host/soundServer/serverNodes.ts';
import { fakeNode } from './FakeSoundServer.ts';

const parse = (...entries: unknown[]) => parseNodes(JSON.stringify(entries));

describe('a list of pactl', () => {
  it('states name, description, format, module, owner and monitor of each device', () => {
    const sink = fakeNode(3, 'alsa_output.usb', {
      description: 'Müller USB',
      sample_specification: 'float32le 6ch 48000Hz',
      owner_module: '26',
      monitor_source: 'alsa_output.usb.monitor',
      properties: { 'unmingle.owner': 'a/1/2/3' },
    });
    expect(parse(sink)).toEqual([
      {
        index: 3,
        name: 'alsa_output.usb',
        description: 'Müller USB',
        channels: 6,
        sampleRateHertz: 48_000,
        moduleIndex: 26,
        owner: 'a/1/2/3',
        monitor: 'alsa_output.usb.monitor',
      },
    ]);
  });

  it('takes what a server leaves out as unknown', () => {
    const { index, name, sample_specification } = fakeNode(1, 'mic');
    expect(parse({ index, name, sample_specification })).toMatchObject([
      { description: 'mic', moduleIndex: null, owner: null, monitor: null },
    ]);
    expect(parse({ ...fakeNode(1, 'mic'), owner_module: 'n/a', monitor_source: '' })).toMatchObject([
      { moduleIndex: null, monitor: null },
    ]);
  });

  it('has descriptions of one line without characters that change the text around them', () => {
    const described = (description: string) => parse(fakeNode(1, 'mic', { description }))[0]!.description;
    expect(described('USB\n\u001b[31mMic\r\n  2\u0000')).toBe('USB [31mMic 2');
    expect(described('Mic \u202egnp.exe\u2066')).toBe('Mic gnp.exe');
    expect(described('\n')).toBe('mic');
    expect([...described('😀'.repeat(5000))]).toHaveLength(100);
  });

  it('has the description of the list without JSON where pactl 16 has none, and the name where neither has', () => {
    const text = 'Source #4\n\tState: IDLE\n\tName: a\n\tDescription: Müller 中\n\tDriver: x\n';
    const nodes = [fakeNode(4, 'a', { description: '(null)' }), fakeNode(5, 'b', { description: '(null)' })];
    const parsed = parseNodes(JSON.stringify([...nodes, fakeNode(6, '(null)')]), parseDescriptions(text));
    expect(parsed.map(({ description }) => description)).toEqual(['Müller 中', 'b']);
    const forged = `${text}\n\tName: a\n\tDescription: forged\n`;
    expect(parseDescriptions(forged)).toEqual(new Map([['a', 'Müller 中']]));
  });

  it('numbers devices of the same description', () => {
    const nodes = ['a', 'b', 'c'].map((name, index) => fakeNode(index, name, { description: 'USB Mic' }));
    expect(parse(...nodes).map(({ description }) => description)).toEqual(['USB Mic', 'USB Mic (2)', 'USB Mic (3)']);
  });

  it('leaves out entries that cannot be opened by their name, or have no usable format', () => {
    const fine = fakeNode(1, 'fine');
    const unusable = [
      null,
      'text',
      fakeNode(2, ''),
      fakeNode(3, 'two\nlines'),
      fakeNode(4, 'x'.repeat(1000)),
      fakeNode(6, 'none', { sample_specification: 's16le 0ch 44100Hz' }),
      fakeNode(7, 'odd', { sample_specification: 's16le 2ch -1Hz' }),
      { ...fakeNode(8, 'text'), properties: 'none' },
    ];
    expect(parse(fine, ...unusable).map(({ name }) => name)).toEqual(['fine']);
  });

  it('has 128 devices at most', () => {
    expect(parse(...Array.from({ length: 5000 }, (_, index) => fakeNode(index, `mic${index}`)))).toHaveLength(128);
  });

  it.each(['', 'Sink #0\n\tState: IDLE', '{"index":1}', '[', '[{"balance":0,00}]'])(
    'is refused if it is %j',
    (text) => {
      expect(() => parseNodes(text)).toThrow('pactl did not print a list; install pactl 16 or newer');
    },
  );
});
