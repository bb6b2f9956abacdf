import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorRecord } from '../../../engine/core/errorRecord.ts';
import { SeparatorNode } from '../../../engine/worklet/SeparatorNode.ts';
import type { MessageFromProcessor, MessageToProcessor } from '../../../engine/worklet/workletMessages.ts';
import { randomPreset } from '../syntheticVoice.ts';

/** The parts of an AudioWorkletNode that `SeparatorNode` uses; its processor answers when a test says so. */
class ScriptedNode {
  static latest: ScriptedNode;
  readonly numberOfOutputs = 3;
  readonly parameters = new Map();
  readonly sent: MessageToProcessor[] = [];
  onprocessorerror: (event: object) => void = () => {};
  readonly port = {
    onmessage: (_: { data: MessageFromProcessor }) => {},
    postMessage: (message: MessageToProcessor) => this.sent.push(message),
  };

  constructor() {
    ScriptedNode.latest = this;
  }

  disconnect(): void {}

  /** Numbers of the loads that were sent. */
  get loads(): number[] {
    return this.sent.flatMap((message) => (message.type === 'load' ? [message.number] : []));
  }

  /** Answers a load, by default the one sent last. */
  answer(error: ErrorRecord | null = null, number = this.loads.at(-1)!): void {
    this.port.onmessage({ data: { type: 'loaded', number, error } });
  }
}

const ann = randomPreset('ann', 4, 1);
const bob = randomPreset('bob', 4, 2);

async function create() {
  const context = { sampleRate: 16_000, audioWorklet: { addModule: async () => {} } } as unknown as BaseAudioContext;
  const AudioWorkletNode = ScriptedNode as unknown as typeof globalThis.AudioWorkletNode;
  const onError = vi.fn();
  const separator = await SeparatorNode.create(context, { presets: [ann], AudioWorkletNode, onError });
  return { separator, node: ScriptedNode.latest, onError };
}

describe('loading presets', () => {
  afterEach(() => void vi.useRealTimers());

  it('changes the speakers once the processor has accepted them', async () => {
    const { separator, node } = await create();
    const loading = separator.loadPresets({ presets: [ann, bob] });
    expect(separator.speakers).toEqual(['ann']);
    node.answer();
    await loading;
    expect(separator.speakers).toEqual(['ann', 'bob']);
  });

  it('keeps kind and message of what the processor refuses, and the old speakers', async () => {
    const { separator, node } = await create();
    const loading = separator.loadPresets({ presets: [bob] });
    node.answer({ kind: 'input', message: 'at most 8 speakers, got 9', remedy: null, isUserError: true });
    await expect(loading).rejects.toMatchObject({ name: 'InputError', message: 'at most 8 speakers, got 9' });
    expect(separator.speakers).toEqual(['ann']);
  });

  it('misses its deadline if the context is suspended, and follows an answer that arrives later', async () => {
    const { separator, node } = await create();
    vi.useFakeTimers();
    const loading = expect(separator.loadPresets({ presets: [bob] }, { timeoutSeconds: 2 })).rejects.toMatchObject({
      kind: 'timeout',
      happened: 'the audio thread did not answer "load" within 2 s',
      remedy: 'resume the AudioContext, or start rendering, and try again',
    });
    vi.advanceTimersByTime(2000);
    await loading;
    expect(separator.speakers).toEqual(['ann']);
    node.answer();
    expect(separator.speakers).toEqual(['bob']);
  });

  it('survives a lost message: the load misses its deadline, the next one works, and its speakers stay', async () => {
    const { separator, node } = await create();
    vi.useFakeTimers();
    const lost = expect(separator.loadPresets({ presets: [bob] }, { timeoutSeconds: 2 })).rejects.toMatchObject({
      kind: 'timeout',
    });
    vi.advanceTimersByTime(2000);
    await lost;
    const loading = separator.loadPresets({ presets: [bob, ann] });
    node.answer();
    await loading;
    expect(separator.speakers).toEqual(['bob', 'ann']);
    node.answer(null, node.loads[0]);
    expect(separator.speakers).toEqual(['bob', 'ann']);
  });

  it('can be aborted', async () => {
    const { separator, node } = await create();
    const abortion = new AbortController();
    const loading = separator.loadPresets({ presets: [bob] }, { signal: abortion.signal });
    abortion.abort('another page');
    await expect(loading).rejects.toMatchObject({ kind: 'aborted', cause: 'another page' });
    const late = separator.loadPresets({ presets: [bob] }, { signal: abortion.signal });
    await expect(late).rejects.toMatchObject({ kind: 'aborted' });
    expect(node.sent).toHaveLength(1);
  });

  it('fails with what to do when the processor throws, and so do later loads', async () => {
    const { separator, node, onError } = await create();
    const loading = separator.loadPresets({ presets: [bob] });
    node.onprocessorerror({ message: 'out of memory' });
    const ended = {
      kind: 'ended',
      happened: "the separator's processor has failed (out of memory)",
      remedy: 'create another node',
    };
    await expect(loading).rejects.toMatchObject(ended);
    await expect(separator.loadPresets({ presets: [bob] })).rejects.toMatchObject(ended);
    expect(onError).toHaveBeenCalledOnce();
  });

  it('fails when the node is closed', async () => {
    const { separator } = await create();
    const loading = separator.loadPresets({ presets: [bob] });
    separator.close();
    await expect(loading).rejects.toThrow('the separator is closed');
  });
});
