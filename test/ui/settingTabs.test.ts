import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PARAMETERS } from '../../engine/separator/parameters.ts';
import { TakeTimeline } from '../../host/audioProcess/TakeTimeline.ts';
import { serializeTakeFile, TAKE_FILE_NAME } from '../../host/protocol/takeFile.ts';
import { float32, wavBytes } from '../host/audio/wavBytes.ts';
import { HAS_BROWSER } from './browser.ts';
import { PanelPage } from './PanelPage.ts';
import { simulatedStatus } from './simulatedState.ts';

describe.skipIf(!HAS_BROWSER)('the tabs of settings and health', () => {
  const ui = PanelPage.use();

  describe('sound', () => {
    beforeEach(() => ui.tab('Sound'));

    it('chooses devices, channel and sample rate', async () => {
      const choose = (name: string, value: string) =>
        ui.page.getByRole('combobox', { name, exact: true }).selectOption(value);
      const backends = ui.page.getByRole('combobox', { name: 'Backend' }).locator('option');
      expect(await backends.allTextContents()).toEqual([
        'Automatic (PortAudio)',
        'PortAudio',
        'Web Audio, JACK, PipeWire',
        'File (looped)',
      ]);
      await choose('Backend', 'webaudio');
      await ui.becomes(({ backend }) => backend, 'webaudio');
      await choose('Channel', '2');
      await ui.becomes(({ inputChannel }) => inputChannel, 2);
      const channels = ui.page.getByRole('combobox', { name: 'Channel', exact: true }).locator('option');
      expect(await channels.allTextContents()).toEqual([
        'Average of channels 1 and 2',
        'Best',
        'Channel 1',
        'Channel 2',
      ]);
      await choose('Channel', 'mix');
      await ui.becomes(({ inputChannel }) => inputChannel, 'mix');
      await choose('Channel', 'best');
      await ui.becomes(({ inputChannel }) => inputChannel, 'best');
      await ui.page.getByText('The channels are chosen after 3 s of speech').waitFor();
      ui.session.change({ inputChoice: 'input "Scarlett": 1 of 2 channels is silent; channel 1 is used' });
      await ui.page.getByText('1 of 2 channels is silent; channel 1 is used').waitFor();
      await choose('Input', 'headset');
      await ui.becomes(({ input, inputChannel }) => [input, inputChannel], ['headset', null]);
      await choose('I hear it on', 'none');
      await ui.becomes(({ output }) => output, 'none');
      await choose('I hear it on', '');
      await ui.becomes(({ output }) => output, null);
      await choose('Send', 'headset');
      await ui.becomes(({ send }) => send, 'headset');
      await choose('Sample rate', '48000');
      await ui.becomes(({ sampleRateHertz }) => sampleRateHertz, 48_000);
    });

    it('refreshes the device list while it is visible', async () => {
      await expect.poll(() => ui.session.messages.some(({ type }) => type === 'refreshDevices')).toBe(true);
      const input = ui.page.getByRole('combobox', { name: 'Input', exact: true });
      await input.selectOption('headset');
      ui.session.change({ devices: ui.session.state.devices.filter(({ id }) => id !== 'headset') });
      await expect.poll(() => input.locator('option:checked').textContent()).toBe('headset (unavailable)');
      expect(await input.locator('option').allTextContents()).not.toContain('Jabra Evolve 65');
    });

    it('offers no choice of input while a file is played', async () => {
      ui.session.change({ backend: 'file', inputName: 'demo mixture' });
      const input = ui.page.getByRole('combobox', { name: 'Input', exact: true });
      await expect.poll(() => input.locator('option').allTextContents()).toEqual(['demo mixture']);
      expect(await input.isDisabled()).toBe(true);
    });

    it('sets latency, DFT size and parameters', async () => {
      await ui.page.getByRole('radio', { name: 'Studio' }).click();
      await ui.becomes(({ latency }) => latency, 'studio');
      await ui.page.keyboard.press('ArrowLeft');
      await ui.becomes(({ latency }) => latency, 'call');
      const field = ui.page.getByRole('textbox', { name: 'Algorithmic latency, ms' });
      await field.fill('12');
      await field.press('Enter');
      await ui.becomes(({ latency }) => latency, 0.012);
      await ui.page.getByRole('combobox', { name: 'DFT size' }).selectOption('2048');
      await ui.becomes(({ windowSeconds }) => windowSeconds, 0.128);
      const type = async (name: string, text: string) => {
        const value = ui.page.getByRole('textbox', { name: `${name}, value` });
        await value.fill(text);
        await value.press('Enter');
      };
      await type('Iterations', '20');
      await type('Mask exponent', '4');
      await type('Mask floor', '10 %');
      await type('Rest', '50');
      await type('Separation strength', '30 %');
      await ui.becomes(({ parameters }) => parameters, {
        iterations: 20,
        maskExponent: 4,
        maskFloor: 0.1,
        rest: 0.5,
        separationStrength: 0.3,
      });
      await ui.slider('Iterations').dblclick();
      await ui.becomes(({ parameters }) => parameters.iterations, PARAMETERS.iterations.default);
    });
  });

  it('snapshots are saved, recalled, replaced after a question, deleted and restored', async () => {
    await ui.slider('Master, level').press('PageDown');
    await ui.becomes(({ master }) => master.gainDecibels, -6);
    await ui.tab('Snapshots');
    await ui.page.getByRole('textbox', { name: 'Snapshot name' }).fill('Interview');
    await ui.button('Save snapshot').click();
    await expect.poll(() => ui.session.state.snapshots).toEqual(['Interview']);
    await ui.slider('Master, level').dblclick();
    await ui.becomes(({ master }) => master.gainDecibels, 0);
    await ui.button('Interview').click();
    await ui.becomes(({ master }) => master.gainDecibels, -6);
    const messages = () => ui.session.messages.filter(({ type }) => type === 'saveSnapshot').length;
    await ui.page.getByRole('textbox', { name: 'Snapshot name' }).fill('Interview');
    await ui.button('Save snapshot').click();
    await ui.page.getByText('Interview exists. Replace it?').waitFor();
    expect(messages()).toBe(1);
    await ui.button('Replace').click();
    await expect.poll(messages).toBe(2);
    await ui.button('Delete snapshot Interview').click();
    await expect.poll(() => ui.session.state.snapshots).toEqual([]);
    await ui.button('Undo').click();
    await expect.poll(() => ui.session.state.snapshots).toEqual(['Interview']);
  });

  it('recordings are listed, renamed, deleted and restored', async () => {
    const { takesFolder, takes } = ui.session;
    const files = { mixture: 'mixture.wav', rest: 'rest.wav', mix: 'mix.wav' };
    const timeline = new TakeTimeline(16_000, new Date(), files);
    timeline.end(32_000, 'the disk is full');
    mkdirSync(join(takesFolder, 'Interview'), { recursive: true });
    writeFileSync(
      join(takesFolder, 'Interview', 'mix.wav'),
      wavBytes(float32(new Array(1600).fill(0)), { code: 3, bits: 32 }),
    );
    writeFileSync(join(takesFolder, 'Interview', TAKE_FILE_NAME), serializeTakeFile(timeline.file));
    await takes.refresh(null);
    await ui.tab('Recordings');
    await ui.page.getByText('Broke off: the disk is full').waitFor();
    await ui.button('Play Interview').click();
    // A tenth of a second: it ends by itself.
    await ui.button('Play Interview').waitFor();
    const [saved] = await Promise.all([ui.page.waitForEvent('download'), ui.button('Save Interview').click()]);
    expect(saved.suggestedFilename()).toBe('Interview mix.wav');
    await ui.button('Rename Interview').click();
    await ui.page.getByRole('textbox', { name: 'New name for Interview' }).fill('Talk');
    await ui.button('Rename').click();
    await ui.button('Delete Talk').click();
    await ui.page.getByText('No recordings yet').waitFor();
    await ui.button('Undo').click();
    await ui.button('Delete Talk').waitFor();
  });

  it('the health tab shows latency, load, causes and counters', async () => {
    await ui.tab('Health');
    const status = simulatedStatus(60, 0.4);
    const counters = { ...status.counters, dryFallbacks: 37, dryFallbackSamples: 4321, engineRestarts: 5 };
    ui.session.status$.next({ ...status, counters, relativeGap: 0.3, overload: 'fewer-iterations' });
    await ui.page.getByText('This computer is too slow').waitFor();
    const text = await ui.page.getByRole('tabpanel').textContent();
    for (const part of ['16.0 ms', '5.3 ms', '10.7 ms', '40 %', '68 %', 'fewer iterations', '11.5 ppm', '131.0 MB'])
      expect(text).toContain(part);
    expect(text).toMatch(/Dry fallbacks\D*37/);
    expect(text).toMatch(/Engine restarts\D*5/);
    expect(text).toContain('was restarted 5 times');
    expect(text).toMatch(/30(\.0)? %/);
    expect(text).not.toContain('No problems detected');
  });
});
