import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../host/audio/readRecording.ts';
import { packageRoot } from '../../host/files/packageRoot.ts';
import { HAS_BROWSER } from './browser.ts';
import { FakeRecording, soundSample } from './FakeRecording.ts';
import { PanelPage } from './PanelPage.ts';

/** Screenshots to inspect after a change. */
const folder = join(tmpdir(), 'unmingle-screenshots');

describe.skipIf(!HAS_BROWSER)('the recording view', () => {
  const ui = PanelPage.use();
  let fake: FakeRecording;
  const timeline = () => ui.page.getByRole('application', { name: 'Timeline' });
  const segment = (name: string) => ui.page.getByRole('button', { name, exact: true });
  const openDropped = async () => {
    fake = await FakeRecording.attach(ui.session, ui.page);
    await ui.drop('.mixer', [{ name: 'two people.wav', text: 'R'.repeat(5000) }]);
    await timeline().waitFor();
  };
  const openWithVoices = async (names: readonly string[]) => {
    await openDropped();
    fake.find(names);
    await segment(`${names[0]}, 00:00.2 to 00:02.6`).waitFor();
  };

  it('a file that is dropped on the page opens the recording view, draws it, and can be closed', async () => {
    await openDropped();
    expect(fake.uploads).toEqual([{ name: 'two people.wav', bytes: 5000 }]);
    await ui.page.getByRole('radio', { name: 'Recording', checked: true }).waitFor();
    await expect.poll(() => inkShare()).toBeGreaterThan(0.02);
    await ui.page.keyboard.press('b');
    await ui.button('Find voices').click();
    await ui.page.getByRole('progressbar', { name: 'Finding voices' }).waitFor();
    await ui.button('Cancel').click();
    await ui.page.getByRole('combobox', { name: 'Number of voices' }).selectOption('3');
    await ui.button('Find voices').click();
    fake.find(['Ann', 'Bob', 'Cleo']);
    await segment('Ann, 00:00.2 to 00:02.6').waitFor();
    await ui.button('Separate').click();
    await ui.page.getByText('learning Ann').waitFor();
    await ui.button('Cancel').click();
    await ui.button('Close the recording').click();
    await ui.button('Close').click();
    await ui.page.getByText('Drop a recording').waitFor();
    expect(fake.messages).toEqual([
      { type: 'findVoices', voices: null },
      { type: 'cancelRecording' },
      { type: 'findVoices', voices: 3 },
      { type: 'separateRecording' },
      { type: 'cancelRecording' },
      { type: 'closeRecording' },
    ]);
    expect(ui.settings.master.isBypassed).toBe(false);
    await ui.page.getByRole('radio', { name: 'Live' }).click();
    await ui.page.keyboard.press('b');
    await ui.becomes(({ master }) => master.isBypassed, true);
  });

  it('the start page asks for a file, and opens the recording view with it', async () => {
    fake = await FakeRecording.attach(ui.session, ui.page);
    await ui.button('Unmingle').click();
    const dialog = ui.page.waitForEvent('filechooser');
    await ui.page.getByRole('main', { name: 'Start' }).getByRole('button', { name: 'Separate a recording' }).click();
    await (await dialog).setFiles({ name: 'two people.w64', mimeType: '', buffer: Buffer.alloc(5000) });
    await timeline().waitFor();
    expect(fake.uploads).toEqual([{ name: 'two people.w64', bytes: 5000 }]);
    await ui.page.getByRole('radio', { name: 'Recording', checked: true }).waitFor();
  });

  it('a recording that the host has imported is drawn, marked and played', async () => {
    await ui.page.getByRole('radio', { name: 'Recording' }).click();
    await ui.page.locator('input[type=file]').setInputFiles(join(packageRoot(), 'presets', 'demo', 'mixture.flac'));
    await timeline().waitFor();
    await expect.poll(() => inkShare()).toBeGreaterThan(0.02);
    await ui.button('Voice').click();
    await ui.button('Add a segment of voice-1').click();
    await segment('voice-1, 00:00.0 to 00:01.0').press('Shift+ArrowRight');
    await segment('voice-1, 00:00.0 to 00:01.1').waitFor();
    await expect.poll(() => ui.session.messages.at(-1)).toMatchObject({ edit: { type: 'move', endSeconds: 1.1 } });
    await ui.button('Undo the last change').click();
    await segment('voice-1, 00:00.0 to 00:01.0').waitFor();
    const [download] = await Promise.all([ui.page.waitForEvent('download'), ui.button('Labels').click()]);
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^0\.0+\t1\.0+\tvoice-1\n$/);
    await ui.button('Play').click();
    await expect.poll(() => ui.page.locator('.clock-now').textContent(), { timeout: 5000 }).not.toBe('00:00.0');
  });

  it('segments are moved by mouse and by keys, given to other voices, added and removed', async () => {
    await openWithVoices(['Ann', 'Bob']);
    const box = (await segment('Ann, 00:08.2 to 00:10.6').boundingBox())!;
    const secondsPerPixel = 2.4 / box.width;
    await ui.page.mouse.move(box.x + box.width - 2, box.y + 10);
    await ui.page.mouse.down();
    await ui.page.mouse.move(box.x + box.width - 2 - 1 / secondsPerPixel, box.y + 14, { steps: 3 });
    await ui.page.mouse.up();
    await expect.poll(() => fake.edits.length).toBe(1);
    expect(fake.edits[0]).toMatchObject({ type: 'move', segment: 3, startSeconds: 8.2 });
    const { endSeconds } = fake.segments.find(({ id }) => id === 3)!;
    expect(endSeconds).toBeGreaterThan(9.4);
    expect(endSeconds).toBeLessThan(9.8);

    const keyed = segment('Bob, 00:04.2 to 00:06.6');
    await keyed.focus();
    for (const key of ['Shift+ArrowRight', 'Shift+ArrowRight']) await ui.page.keyboard.press(key);
    await expect.poll(() => fake.edits.length).toBe(2);
    expect(fake.edits[1]).toMatchObject({ type: 'move', segment: 2, startSeconds: 4.2 });
    await ui.page.keyboard.press('1');
    await segment('Ann, 00:04.2 to 00:06.8').waitFor();
    await expect.poll(() => ui.page.evaluate(() => document.activeElement?.className)).toBe('segment');
    await ui.page.keyboard.press('Delete');
    await segment('Ann, 00:04.2 to 00:06.8').waitFor({ state: 'detached' });
    await ui.page.keyboard.press('Control+z');
    await segment('Ann, 00:04.2 to 00:06.8').waitFor();
    await timeline().dblclick({ position: { x: box.x - 330, y: await lane(1) } });
    await expect.poll(() => fake.edits.at(-1)).toMatchObject({ type: 'add', voice: 1 });
    const shown = () => ui.page.getByRole('scrollbar').getAttribute('aria-valuetext');
    expect(await shown()).toBe('00:00.0 to 01:00.0');
    await ui.page.mouse.wheel(0, -400);
    await expect.poll(shown).not.toBe('00:00.0 to 01:00.0');
    await ui.page.keyboard.press('0');
    await expect.poll(shown).toBe('00:00.0 to 01:00.0');
    await ui.page.getByRole('textbox', { name: 'Name of Bob' }).fill('Bert');
    await ui.page.keyboard.press('Enter');
    await expect.poll(() => fake.edits.at(-1)).toEqual({ type: 'rename', voice: 1, name: 'Bert' });
    await ui.page.getByRole('textbox', { name: 'Name of Bert' }).waitFor();
    await ui.page.getByRole('combobox', { name: 'Merge Bert into' }).selectOption('Ann');
    await expect.poll(() => fake.edits.at(-1)).toEqual({ type: 'merge', voice: 1, into: 0 });
  });

  it('plays mixture and tracks in sync, and moves the playhead', async () => {
    await ui.page.evaluate(() => {
      const starts: { when: number; offset: number; length: number }[] = [];
      Object.assign(window, { starts });
      const { start } = AudioBufferSourceNode.prototype;
      AudioBufferSourceNode.prototype.start = function (when = 0, offset = 0) {
        starts.push({ when, offset, length: this.buffer?.length ?? 0 });
        start.call(this, when, offset);
      };
    });
    const starts = () =>
      ui.page.evaluate(
        () => (window as unknown as { starts: { when: number; offset: number; length: number }[] }).starts,
      );
    await openWithVoices(['Ann', 'Bob']);
    fake.change({ tracks: 'current', tracksRevision: 1 });
    await ui.page.getByRole('radio', { name: 'Tracks', checked: true }).waitFor();
    await timeline().focus();
    await ui.page.keyboard.press('Shift+ArrowRight');
    await ui.page.keyboard.press('Space');
    await ui.button('Pause').waitFor();
    const clock = ui.page.locator('.clock-now');
    const seconds = async () => Number((await clock.textContent())?.slice(3));
    await expect.poll(seconds, { timeout: 5000 }).toBeGreaterThan(10.3);
    expect([...fake.soundOf].sort()).toEqual([-1, 0, 1, 2]);
    const scheduled = await starts();
    // Chunk 2 of all tracks starts at the same time, and chunk 3 exactly 5 s later.
    const times = [...new Set(scheduled.map(({ when }) => when))].sort((one, other) => one - other);
    expect(scheduled.filter(({ when }) => when === times[0])).toHaveLength(4);
    expect(times[1]! - times[0]!).toBeCloseTo(5, 6);
    await ui.button('Ann, mute').click();
    await ui.page.getByRole('radio', { name: 'Mixture' }).click();
    await timeline().focus();
    await ui.page.keyboard.press('Home');
    await expect.poll(seconds).toBeLessThan(5);
    await ui.page.keyboard.press('Space');
    await ui.button('Play').waitFor();
    const [download] = await Promise.all([
      ui.page.waitForEvent('download'),
      ui.button('Save the track of Bob').click(),
    ]);
    expect(download.suggestedFilename()).toBe('two people Bob.wav');
    await ui.page.getByLabel('Format of the tracks').selectOption('FLAC');
    const [flac] = await Promise.all([ui.page.waitForEvent('download'), ui.button('Save the track of Bob').click()]);
    expect(flac.suggestedFilename()).toBe('two people Bob.flac');
    const path = join(folder, 'saved.flac');
    await flac.saveAs(path);
    const { samples, sampleRateHertz } = await readRecording(path);
    expect(samples).toHaveLength(60 * sampleRateHertz);
    expect(samples.every((sample, n) => Math.round(32_768 * sample) === soundSample(n))).toBe(true);
  });

  it('fits large and small windows, with a name for every control', async () => {
    await openWithVoices(['Ann', 'Bob', 'Christopher Longname']);
    fake.change({
      tracks: 'current',
      tracksRevision: 1,
      remarks: ['Both channels hold the same sound: their mean is used.'],
    });
    await mkdir(folder, { recursive: true });
    const sizes = [
      { width: 1440, height: 900 },
      { width: 900, height: 600 },
      { width: 390, height: 844 },
    ];
    for (const size of sizes) {
      await ui.page.setViewportSize(size);
      await ui.page.waitForTimeout(200);
      await ui.page.screenshot({ path: join(folder, `recording-${size.width}.png`) });
      const faults = await ui.page.evaluate(() => {
        const controls = [
          ...document.querySelectorAll<HTMLElement>('button, input, select, [role=slider], [role=scrollbar]'),
        ];
        const shown = controls.filter((each) => each.checkVisibility() && !each.matches('.segment'));
        return shown.flatMap((each) => {
          const { left, right } = each.getBoundingClientRect();
          const name = each.ariaLabel ?? each.textContent?.trim() ?? '';
          if (name === '') return [`no name: ${each.outerHTML.slice(0, 80)}`];
          return left < 0 || right > innerWidth ? [`cut: ${name}`] : [];
        });
      });
      expect(faults).toEqual([]);
      const overflow = await ui.page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth - innerWidth, scrollHeight - innerHeight];
      });
      // On a phone the page is one column that scrolls.
      expect(overflow[0]).toBe(0);
      if (size.width >= 760) expect(overflow[1]).toBe(0);
    }
  });

  /** y of the middle of a lane, in the timeline. */
  async function lane(index: number): Promise<number> {
    const box = (await timeline().boundingBox())!;
    const first = (await segment('Ann, 00:00.2 to 00:02.6').boundingBox())!;
    return first.y - box.y + first.height / 2 + index * 64;
  }

  /** Share of the pixels in the upper half of the timeline's canvas that are lighter than its background. */
  function inkShare(): Promise<number> {
    return ui.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.timeline canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 30, canvas.width, canvas.height >> 1);
      let light = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at]! > 80) light++;
      return light / (data.length / 4);
    });
  }
});
