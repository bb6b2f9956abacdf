import { describe, expect, it } from 'vitest';
import { HAS_BROWSER, openPage } from './browser.ts';
import { PanelPage, presetText } from './PanelPage.ts';

describe.skipIf(!HAS_BROWSER)('the shell of the panel', () => {
  const ui = PanelPage.use();

  describe('the connection', () => {
    it('reconnects after a restart of the host and shows its new state', async () => {
      await ui.restartHost(async () => {
        await ui.page.getByText('Connection lost').waitFor();
        expect(await ui.page.locator('.phase strong').textContent()).toBe('Not connected');
        ui.session.change({
          settings: { ...ui.settings, master: { gainDecibels: -9, isMuted: false, isBypassed: true, wet: 0.3 } },
        });
      });
      await ui.page.getByText('Connection lost').waitFor({ state: 'detached', timeout: 10_000 });
      await expect.poll(() => ui.slider('Master, level').getAttribute('aria-valuenow')).toBe('-9');
      await ui.button('Bypass').click();
      await ui.becomes(({ master }) => master.isBypassed, false);
    });

    it('keeps two panels in sync', async () => {
      const other = await openPage(ui.browser, ui.panel.address, { width: 900, height: 600, theme: 'light' });
      await ui.slider('synthetic-female, level').press('PageDown');
      const there = other.page.getByRole('slider', { name: 'synthetic-female, level', exact: true });
      await expect.poll(() => there.getAttribute('aria-valuenow')).toBe('-6');
      await other.page.getByRole('button', { name: 'Bypass', exact: true }).click();
      await expect.poll(() => ui.button('Bypass').getAttribute('aria-pressed')).toBe('true');
      await other.page.context().close();
    });
  });

  it('the start page leads to the demo, a recording, the microphone and a new voice with one click each', async () => {
    const { page, session } = ui;
    const begin = async (title: string) => {
      await ui.button('Unmingle').click();
      await page.getByRole('main', { name: 'Start' }).getByRole('button', { name: title }).click();
    };
    const dialog = page.waitForEvent('filechooser');
    await begin('Separate a recording');
    await (await dialog).setFiles({ name: 'preset.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    await page.getByText('preset.json').waitFor();
    await page.getByRole('main', { name: 'Start' }).waitFor();
    await begin('Listen to the demo');
    await ui.becomes(({ backend }) => backend, 'file');
    await expect.poll(() => ui.button('Listen').getAttribute('aria-pressed')).toBe('true');
    await ui.button('Listen').click();
    await begin('Teach a voice');
    await ui.becomes(({ backend, output }) => [backend, output], [null, 'none']);
    await page.getByRole('tab', { name: 'Enrol', selected: true }).waitFor();
    await begin('Go live');
    await page.getByRole('tab', { name: 'Sound', selected: true }).waitFor();
    await page.getByLabel('I hear it on').waitFor();
    await page.reload();
    // The voices of the demo have left with it, so the session is empty.
    expect(session.state.settings.speakers).toEqual([]);
    await page.getByRole('main', { name: 'Start' }).waitFor();
  });

  it('in the demo no voice can be recorded', async () => {
    await ui.session.control({ type: 'startDemo' });
    await ui.tab('Enrol');
    await ui.page.getByLabel('Name').fill('eve');
    await expect.poll(() => ui.button('Record voice').isDisabled()).toBe(true);
    await expect(ui.session.control({ type: 'startEnrolment', name: 'eve', source: 'microphone' })).rejects.toThrow(
      /demo is playing/,
    );
  });

  it('in a small window the side panel lies beside the pictures and above the mixer, and takes the focus', async () => {
    await ui.page.setViewportSize({ width: 900, height: 600 });
    const side = ui.page.getByRole('complementary', { name: 'Side panel' });
    const box = (await side.boundingBox())!;
    const mixer = (await ui.page.getByRole('region', { name: 'Mixer' }).boundingBox())!;
    const pictures = (await ui.page.getByRole('region', { name: 'Visualizer' }).boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(mixer.y + 1);
    expect(pictures.x + pictures.width).toBeLessThanOrEqual(box.x);
    await ui.page.keyboard.press('Escape');
    await expect.poll(() => side.count()).toBe(0);
    const focused = () =>
      ui.page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent);
    expect(await focused()).toBe('Side panel');
    await ui.page.keyboard.press('Enter');
    await side.waitFor();
    expect(await focused()).toBe('Voices');
  });

  it('the first tab stops skip to the mixer and to the side panel', async () => {
    const focused = () => ui.page.evaluate(() => document.activeElement?.id);
    for (const [link, target] of [
      ['To the mixer', 'mixer'],
      ['To the side panel', 'tab-panel'],
    ] as const) {
      await ui.page.getByRole('link', { name: link }).press('Enter');
      await expect.poll(focused).toBe(target);
    }
  });

  it('single keys can be turned off as shortcuts, and stay so', async () => {
    await ui.tab('Sound');
    await ui.page.getByRole('checkbox', { name: 'Single keys' }).uncheck();
    await ui.page.reload();
    await ui.tab('Voices');
    await ui.page.keyboard.press('b');
    await ui.slider('Master, level').press('PageDown');
    // Messages are carried out in order.
    await ui.becomes(({ master }) => master, { gainDecibels: -6, isBypassed: false, isMuted: false, wet: 1 });
  });

  it('arrow, home and end keys move between tabs', async () => {
    const chosen = () => ui.page.getByRole('tab', { selected: true }).textContent();
    await ui.page.getByRole('tab', { name: 'Voices' }).focus();
    for (const [key, expected] of [
      ['ArrowLeft', 'MIDI'],
      ['ArrowRight', 'Voices'],
      ['ArrowRight', 'Enrol'],
      ['End', 'MIDI'],
      ['Home', 'Voices'],
    ] as const) {
      await ui.page.keyboard.press(key);
      await expect.poll(chosen).toBe(expected);
    }
  });

  it('the theme follows the system until one is chosen, which is remembered', async () => {
    const theme = () => ui.page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe('dark');
    await ui.page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(theme).toBe('light');
    await ui.button('Theme: system').click();
    await expect.poll(theme).toBe('dark');
    await ui.page.reload();
    await expect.poll(theme).toBe('dark');
  });

  it('every control has an accessible name, and the tab key reaches it with a visible focus', async () => {
    ui.session.change({ sendName: 'Virtual microphone', snapshots: ['Interview'] });
    await ui.session.importPreset(await presetText('ann'), false);
    const reached = new Set<string>();
    for (const name of ['Voices', 'Enrol', 'Sound', 'Health', 'Snapshots']) {
      await ui.tab(name);
      const unnamed = await ui.page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('button, input, select, [role=slider], [role=meter]')]
          .filter((each) => !each.hidden)
          .filter(
            (each) => !each.ariaLabel && !each.textContent?.trim() && (each as HTMLInputElement).labels?.length !== 1,
          )
          .map((each) => each.outerHTML.slice(0, 120)),
      );
      expect(unnamed).toEqual([]);
      const first = ui.page.getByRole('radio', { name: 'Spectra' });
      await first.focus();
      for (let step = 0; step < 120; step++) {
        await ui.page.keyboard.press('Tab');
        const { control, outline } = await ui.page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          const shown = element.matches('.strip-name select, .add-speaker select') ? element.parentElement! : element;
          const label = element.ariaLabel ?? (element as HTMLInputElement).labels?.[0]?.textContent;
          return {
            control: element === document.body ? '' : (label ?? element.textContent ?? ''),
            outline: getComputedStyle(shown).outlineStyle,
          };
        });
        if (control === '' || (control === 'Spectra' && step > 0)) break;
        reached.add(control);
        expect(`${control}: ${outline}`).toBe(`${control}: solid`);
      }
    }
    for (const name of [
      'synthetic-female, level',
      'synthetic-male, mute',
      'synthetic-male, send',
      'Unload synthetic-male',
      'Speaker 1',
      'synthetic-female, colour',
      'Add a speaker',
      'Rest, solo',
      'Master, mute',
      'Master, wet',
      'Master, wet, value',
      'Bypass',
      'Mask overlay',
      'Rest lane',
      'Search voices',
      'Rename ann',
      'Delete ann',
      'Export ann',
      'Name',
      'Backend',
      'Input',
      'I hear it on',
      'Send',
      'Sample rate',
      'Monitor',
      'DFT size',
      'Iterations',
      'Snapshot name',
      'Interview',
      'Delete snapshot Interview',
    ])
      expect([...reached]).toContain(name);
  });
});
