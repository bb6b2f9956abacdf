import { describe, expect, it } from 'vitest';
import type { AudioBackend, StreamRequest } from '../../host/audio/backend/AudioBackend.ts';
import { type AudioDevice, chooseDevice } from '../../host/audio/backend/AudioDevice.ts';

export interface BackendUnderTest {
  readonly load: () => Promise<AudioBackend>;
  /** Advances the clock of a backend whose time does not pass by itself. */
  readonly advance?: (backend: AudioBackend) => void;
}

const BLOCK_SAMPLES = 256;
const CLOSE_MILLISECONDS = 1200;

interface Heard {
  readonly frames: number;
  readonly length: number;
}

/** Contract of all audio backends. */
export function audioBackendContract(name: string, { load, advance }: BackendUnderTest): void {
  const pass = async (backend: AudioBackend, condition: () => boolean) => {
    for (const end = performance.now() + 6000; !condition() && performance.now() < end; ) {
      advance?.(backend);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  /** Opens one direction and processes a few blocks. */
  async function stream(backend: AudioBackend, direction: 'input' | 'output') {
    const device = chooseDevice(await backend.devices(), direction, null);
    const heard: Heard[] = [];
    const lost: string[] = [];
    const request = requestOf(device, direction);
    const note = (samples: Float32Array, frames: number) => heard.push({ frames, length: samples.length });
    const opened = await backend.open(request, {
      onInput: note,
      onOutput: (samples, frames) => {
        note(samples, frames);
        samples.fill(0);
      },
      onLost: (error) => lost.push(error.message),
    });
    const heardBefore = heard.length;
    await pass(backend, () => heard.length >= 8);
    return { opened, heard, heardBefore, lost };
  }

  describe(`${name} fulfils the contract of audio backends`, () => {
    it('lists each device once, with its index, and at most one default per direction', async () => {
      const devices = await (await load()).devices();
      expect(devices.length).toBeGreaterThan(0);
      expect(devices.map(({ index }) => index)).toEqual(devices.map((_, index) => index));
      expect(new Set(devices.map(({ id }) => id)).size).toBe(devices.length);
      for (const key of ['isDefaultInput', 'isDefaultOutput'] as const)
        expect(devices.filter((device) => device[key]).length).toBeLessThanOrEqual(1);
      for (const { sampleRateHertz, inputChannels, outputChannels } of devices) {
        expect(sampleRateHertz).toBeGreaterThanOrEqual(8000);
        expect(inputChannels + outputChannels).toBeGreaterThan(0);
      }
    });

    it.each(['input', 'output'] as const)(
      'an %s calls back with whole frames, only while it is open, and closes soon, also twice',
      async (direction) => {
        const backend = await load();
        const { opened, heard, heardBefore, lost } = await stream(backend, direction);
        expect(heardBefore).toBe(0);
        expect(heard.length).toBeGreaterThanOrEqual(8);
        for (const { frames, length } of heard) {
          expect(frames).toBeGreaterThan(0);
          expect(length % frames).toBe(0);
        }
        expect(opened.sampleRateHertz).toBeGreaterThanOrEqual(8000);
        const ends = [opened.inputLatencySeconds, opened.outputLatencySeconds];
        for (const seconds of ends) expect(seconds).toBeGreaterThanOrEqual(0);
        const start = performance.now();
        await opened.close();
        await opened.close();
        expect(performance.now() - start).toBeLessThan(CLOSE_MILLISECONDS);
        const closedAt = heard.length;
        for (let turn = 0; turn < 20; turn++) {
          advance?.(backend);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        expect(heard.length).toBe(closedAt);
        expect(lost).toEqual([]);
      },
      20_000,
    );

    it('opening a missing device is an error that names it', async () => {
      const backend = await load();
      const device = chooseDevice(await backend.devices(), 'output', null);
      const gone = { ...device, id: 'gone', name: 'Drawn Out' };
      const refused = backend.open(requestOf(gone, 'output'), { onInput() {}, onOutput() {}, onLost() {} });
      await expect(refused).rejects.toThrow(/^gone: "Drawn Out"/);
    });
  });
}

function requestOf(device: AudioDevice, direction: 'input' | 'output'): StreamRequest {
  const end = { device, channels: 1 };
  return {
    input: direction === 'input' ? end : null,
    output: direction === 'output' ? end : null,
    sampleRateHertz: null,
    blockSamples: BLOCK_SAMPLES,
  };
}
