import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostFiles } from '../../../ui/link/HostFiles.ts';
import { RecordingFiles } from '../../../ui/link/RecordingFiles.ts';

const FACTS = { columnsPerSecond: 50, bands: 3, levels: [100] };

describe('transfers of a recording', () => {
  const fetched = vi.fn<(path: string, options: RequestInit) => Promise<Response>>();
  const recordings = new RecordingFiles(new HostFiles('secret'));
  const refusal = (status: number, kind: string) =>
    new Response(JSON.stringify({ reason: 'too many requests', error: { kind, message: 'm', remedy: null } }), {
      status,
    });
  beforeEach(() => {
    vi.useFakeTimers();
    fetched.mockReset();
    vi.stubGlobal('fetch', fetched);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('a part of the overview is split into peaks and bands', async () => {
    fetched.mockResolvedValue(new Response(Uint8Array.from([255, 1, 254, 2, 10, 20, 30, 40, 50, 60])));
    const part = await recordings.overviewPart(7, FACTS, 2, 64, 2);
    expect([...part.peaks]).toEqual([-1, 1, -2, 2]);
    expect([...part.bands]).toEqual([10, 20, 30, 40, 50, 60]);
    const [path, options] = fetched.mock.calls[0]!;
    expect(path).toBe('/recording/7/overview?level=2&from=64&columns=2');
    expect(options.headers).toMatchObject({ Authorization: 'Bearer secret' });
  });

  it('an answer of another length is an error', async () => {
    fetched.mockImplementation(async () => new Response(new Uint8Array(9)));
    await expect(recordings.overviewPart(7, FACTS, 0, 0, 2)).rejects.toThrow('expected 10 bytes, got 9');
    const request = { track: -1, tracksRevision: 0, fromSample: 0, samples: 5 };
    await expect(recordings.sound(7, request, new AbortController().signal)).rejects.toThrow('expected 10 bytes');
  });

  it('what the rate limit refuses is requested again, four times at most; other refusals are not', async () => {
    fetched.mockImplementationOnce(async () => refusal(429, 'limit'));
    fetched.mockImplementationOnce(async () => new Response(JSON.stringify(FACTS)));
    const facts = recordings.overview(7);
    await vi.runAllTimersAsync();
    expect(await facts).toEqual(FACTS);
    fetched.mockImplementation(async () => refusal(429, 'limit'));
    const refused = expect(recordings.overview(7)).rejects.toThrow('too many requests');
    await vi.runAllTimersAsync();
    await refused;
    expect(fetched).toHaveBeenCalledTimes(6);
    fetched.mockImplementation(async () => refusal(404, 'input'));
    await expect(recordings.overview(7)).rejects.toThrow('too many requests');
    expect(fetched).toHaveBeenCalledTimes(7);
  });
});
