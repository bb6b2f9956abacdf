import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePreset } from '../../../engine/model/Preset.ts';
import { WavWriter } from '../../../host/audio/WavWriter.ts';
import { checkHttpAnswer } from '../../../host/protocol/httpAnswers.ts';
import type { SeparationJob } from '../../../host/recording/recordingThreadMessages.ts';
import { pcm16, wavBytes } from '../audio/wavBytes.ts';
import { FakeRecordingWorker, FOUND, separatedInto } from '../recording/FakeRecordingWorker.ts';
import { TestPanel } from './TestPanel.ts';

const host = new TestPanel();
beforeEach(() => host.start());
afterEach(async () => {
  await host.session.close();
  await host.stop();
});

const RATE = 8000;
/** 20 s, as long as the segments of `FOUND` last. */
const VALUES = Array.from({ length: 20 * RATE }, (_, n) => Math.round(10_000 * Math.sin(n / 10)));
const UPLOAD = Buffer.from(wavBytes(pcm16(VALUES), { sampleRateHertz: RATE }));

const get = (path: string) => fetch(host.at(path), { headers: host.bearer });
const post = (body: typeof UPLOAD, fileName = 'talk.wav') =>
  fetch(host.at('/recording'), { method: 'POST', headers: { ...host.bearer, 'X-File-Name': fileName }, body });
const untilReady = () => expect.poll(() => host.session.state.openRecording?.phase).toBe('ready');

async function opened(): Promise<number> {
  const { id } = checkHttpAnswer('opened', await (await post(UPLOAD)).json());
  await untilReady();
  return id;
}

/** Opens a recording and answers search and separation, with tracks that hold the number of the track. */
async function separated(): Promise<number> {
  const id = await opened();
  await host.session.control({ type: 'findVoices', voices: null });
  FakeRecordingWorker.latest.latestCall.answer(FOUND);
  await untilReady();
  await host.session.control({ type: 'separateRecording' });
  const { names, outFolder } = FakeRecordingWorker.latest.latestCall.argument as SeparationJob;
  for (const [track, name] of [...names, 'rest'].entries()) {
    const writer = await WavWriter.create(join(outFolder, `${name}.wav`), RATE, 'pcm16');
    await writer.write(new Float32Array(20 * RATE).fill((track + 1) / 8));
    await writer.close();
  }
  FakeRecordingWorker.latest.latestCall.answer(separatedInto(names, outFolder));
  await untilReady();
  return id;
}

describe('a recording', () => {
  it('is uploaded under its name, without folders', async () => {
    expect(checkHttpAnswer('opened', await (await post(UPLOAD, '..%2F..%2FT%C3%A4lk.wav')).json())).toEqual({ id: 1 });
    await untilReady();
    expect(host.session.state.openRecording).toMatchObject({ id: 1, name: 'Tälk.wav', seconds: 20, problem: null });
  });

  it('is sent in parts: overview, sound, segments', async () => {
    const id = await opened();
    const facts = checkHttpAnswer('overview', await (await get(`/recording/${id}/overview`)).json());
    expect(facts).toEqual({ columnsPerSecond: 50, bands: 48, levels: [1000, 500, 250] });
    const part = await (await get(`/recording/${id}/overview?level=1&from=490&columns=8192`)).arrayBuffer();
    expect(part.byteLength).toBe(10 * 50);
    expect(new Int8Array(part, 0, 2)[1]).toBe(Math.round((127 * 10_000) / 32_768));
    const sound = await get(`/recording/${id}/sound?track=-1&from=1000&samples=480000`);
    const samples = new Int16Array(await sound.arrayBuffer());
    expect(samples).toHaveLength(20 * RATE - 1000);
    expect([...samples.subarray(0, 500)]).toEqual(VALUES.slice(1000, 1500));
    const empty = checkHttpAnswer('segments', await (await get('/recording/segments')).json());
    expect(empty).toEqual({ revision: 0, segments: [] });
  });

  it('that is separated is sent as tracks, labels and presets', async () => {
    const id = await separated();
    const { segments } = checkHttpAnswer('segments', await (await get('/recording/segments')).json());
    expect(segments.map(({ voice, startSeconds }) => [voice, startSeconds])).toEqual([
      [0, 0],
      [1, 5],
      [0, 10],
    ]);
    const sound = await get(`/recording/${id}/sound?track=2&tracks=1&from=0&samples=4`);
    expect([...new Int16Array(await sound.arrayBuffer())]).toEqual([12_288, 12_288, 12_288, 12_288]);
    const track = await get(`/recording/${id}/tracks/0.wav?tracks=1`);
    expect(track.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''voice-1.wav");
    expect((await track.arrayBuffer()).byteLength).toBe(58 + 2 * 20 * RATE);
    expect(await (await get(`/recording/${id}/labels.txt`)).text()).toMatch(/^0.000\t4.000\tvoice-1\n/);
    expect(parsePreset(await (await get(`/recording/${id}/presets/1`)).text()).name).toBe('voice-2');
  });

  it('needs the token', async () => {
    await opened();
    for (const path of ['segments', '1/overview', '1/sound?track=-1&from=0&samples=1', '1/labels.txt'])
      expect((await fetch(host.at(`/recording/${path}`))).status).toBe(401);
    expect((await fetch(host.at('/recording'), { method: 'POST', body: UPLOAD })).status).toBe(401);
  });

  it('is not found once it is closed or replaced', async () => {
    const id = await separated();
    const paths = [
      'overview',
      'overview?level=0&from=0&columns=1',
      'sound?track=-1&from=0&samples=1',
      'tracks/0.wav?tracks=1',
      'labels.txt',
      'presets/0',
    ];
    for (const path of paths) expect((await get(`/recording/${id}/${path}`)).status).toBe(200);
    await host.session.control({ type: 'closeRecording' });
    for (const path of paths) {
      const answer = await get(`/recording/${id}/${path}`);
      expect(answer.status).toBe(404);
      expect(checkHttpAnswer('refusal', await answer.json()).error.kind).toBe('input');
    }
    expect((await get('/recording/segments')).status).toBe(404);
  });
});

const HOSTILE: readonly (readonly [string, number])[] = [
  ['x/overview', 400],
  ['-1/overview', 400],
  ['1e3/overview', 400],
  ['99999999999/overview', 400],
  ['2/overview', 404],
  ['1/overview?level=0', 400],
  ['1/overview?level=..%2F&from=0&columns=1', 400],
  ['1/overview?level=3&from=0&columns=1', 404],
  ['1/overview?level=0&from=-1&columns=1', 400],
  ['1/overview?level=0&from=1000&columns=1', 404],
  ['1/overview?level=0&from=0&columns=8193', 400],
  ['1/overview?level=0&from=0&columns=0', 400],
  ['1/sound?track=-2&from=0&samples=1', 400],
  ['1/sound?track=0&tracks=0&from=0&samples=1', 404],
  ['1/sound?track=0&from=0&samples=1', 400],
  ['1/sound?track=-1&from=160000&samples=1', 404],
  ['1/sound?track=-1&from=0&samples=480001', 400],
  ['1/sound?track=-1&from=0.5&samples=1', 400],
  ['1/sound?track=-1&from=NaN&samples=1', 400],
  ['1/tracks/0.wav?tracks=1', 404],
  ['1/tracks/..%2Fupload.wav?tracks=1', 400],
  ['1/tracks/0?tracks=1', 404],
  ['1/presets/0', 404],
  ['1/presets/9', 400],
  ['1/presets/%2e%2e', 404],
  ['1/presets/%2f', 400],
  ['1/labels.txt/x', 404],
  ['1/mixture.wav', 404],
  ['segments/x', 400],
];

it('numbers are checked, and an address without an answer is refused', async () => {
  await opened();
  for (const [path, status] of HOSTILE) {
    const answer = await get(`/recording/${path}`);
    expect(answer.status, path).toBe(status);
    expect(checkHttpAnswer('refusal', await answer.json()).error.kind).toBe('input');
  }
});

describe('an upload', () => {
  it('over the limit is refused by its Content-Length before it is read', async () => {
    const headers = { ...host.bearer, Host: host.address.host, 'Content-Length': '4000000001' };
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(host.at('/recording'), { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.write(new Uint8Array(1000));
    });
    expect(status).toBe(413);
    expect(host.session.state.openRecording).toBeNull();
  });

  it('during another one is refused; one that is cut off makes room for the next', async () => {
    const headers = { ...host.bearer, Host: host.address.host };
    const first = httpRequest(host.at('/recording'), { method: 'POST', headers });
    first.on('error', () => {});
    await new Promise((resolve) => first.write(UPLOAD.subarray(0, 1000), resolve));
    await expect.poll(async () => (await post(UPLOAD)).status).toBe(429);
    expect(host.session.state.openRecording).toBeNull();
    first.destroy();
    await expect.poll(async () => (await post(UPLOAD)).status).toBe(200);
    await untilReady();
    expect(host.internalErrors).toEqual([]);
  });
});
