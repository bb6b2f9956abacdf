import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetName } from '../../../engine/model/PresetName.ts';
import { presetFolders } from '../../../host/library/PresetLibrary.ts';
import { type Panel, startPanel } from '../../../host/panel/PanelServer.ts';
import { CATALOGUE } from '../../../ui/texts/catalogue.ts';
import { temporaryFolder } from '../../host/temporaryFolder.ts';
import { HAS_BROWSER, launchBrowser } from '../browser.ts';
import { FakeRecording } from '../FakeRecording.ts';
import { LAYOUT_HOSTS, layoutFindings } from '../layoutFindings.ts';
import { presetText } from '../PanelPage.ts';
import { SimulatedSession } from '../SimulatedSession.ts';
import { simulatedSimilarity, simulatedStatus } from '../simulatedState.ts';
import { flatTexts, PARAMETER } from './flatTexts.ts';
import { shownTexts } from './shownTexts.ts';

const GERMAN = CATALOGUE.de;
const NAMES = [
  'Anneliese von Hohenstein-Oberndorff (Headset)',
  '王小明',
  'Дмитрий',
  'ليلى',
  'Bob',
  'Søren',
  'Ute',
  'Jörg',
];
const SIZES = [
  [390, 844],
  [900, 600],
  [1440, 900],
] as const;
/** Stored by an earlier visit: one mapping to a loaded voice, one to an empty strip. */
const MAPPINGS = [
  { control: 'nanoKONTROL2: controller 0, channel 1', target: 'speaker 1 level' },
  { control: 'nanoKONTROL2: note 48, channel 1', target: 'speaker 9 mute' },
];

/** A text of the catalogue, whatever its parameters are. */
function pattern(text: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(PARAMETER, '.*')}$`, 's');
}

describe.skipIf(!HAS_BROWSER)('the panel in a German browser', { timeout: 120_000 }, () => {
  const own = temporaryFolder();
  const germanOf = new Map(flatTexts(GERMAN).map(({ path, text }) => [path, text]));
  const german = [...germanOf.values()].map(pattern);
  const english = flatTexts(CATALOGUE.en)
    .filter(({ path, text }) => germanOf.get(path) !== text)
    .map(({ text }) => pattern(text));
  let browser: Browser;
  let session: SimulatedSession;
  let panel: Panel;

  beforeAll(async () => {
    for (const name of NAMES) await writeFile(join(own, `${name}.unmingle.json`), await presetText(name));
    browser = await launchBrowser();
    session = await SimulatedSession.start({ speakers: NAMES, folders: { bundled: presetFolders().bundled, own } });
    session.change({
      inputName: 'USB Audio Device With a Very Long Name (hw:2,0)',
      outputName: 'Headphones of the Same Maker (hw:2,1)',
      sendName: 'Virtual microphone',
      snapshots: ['Interview im großen Studio mit allen'],
      similarity: simulatedSimilarity(NAMES.length),
      takes: [
        {
          name: 'Interview',
          startTime: '2026-01-01T12:00:00Z',
          files: ['mix.wav'],
          voices: NAMES.slice(0, 2),
          seconds: 61,
          bytes: 1_234_567,
          reason: 'the disk is full',
        },
      ],
    });
    await session.control({ type: 'startEnrolment', name: presetName('Zoë'), source: 'microphone' });
    session.enrol({ speechSeconds: 12, recordedSeconds: 15, hints: ['The recording is quiet.'], canClean: true });
    const status = simulatedStatus(60, 0.4);
    session.status$.next({ ...status, overload: 'fewer-iterations', counters: { ...status.counters, outputGaps: 3 } });
    panel = await startPanel(session, { port: 0 });
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.close();
  });

  async function open(isTouch: boolean): Promise<{ context: BrowserContext; page: Page; fake: FakeRecording }> {
    const context = await browser.newContext({
      locale: 'de-DE',
      colorScheme: 'dark',
      hasTouch: isTouch,
      isMobile: isTouch,
    });
    await context.addInitScript((mappings) => {
      if (location.protocol === 'about:') return;
      localStorage.setItem('unmingle.page', 'live');
      localStorage.setItem('unmingle.midi-map', mappings);
    }, JSON.stringify(MAPPINGS));
    const page = await context.newPage();
    return { context, page, fake: await FakeRecording.attach(session, page) };
  }

  /** Visits the start page, each picture, each tab and the recording view. */
  async function visit(page: Page, fake: FakeRecording, look: (place: string) => Promise<void>): Promise<void> {
    const { tabs, sidePanel, startPage, views } = GERMAN.shell;
    await page.goto(panel.address);
    await page.getByTitle(startPage).click();
    await look(startPage);
    await page.getByRole('radio', { name: views.live.label }).click();
    const drawer = page.getByRole('button', { name: sidePanel, exact: true });
    if ((await drawer.getAttribute('aria-expanded')) === 'true') await drawer.click();
    for (const { label } of Object.values(GERMAN.visualizer.views).reverse()) {
      await page.getByRole('radio', { name: label }).click();
      await look(label);
    }
    await drawer.click();
    for (const tab of Object.values(tabs)) {
      await page.getByRole('tab', { name: tab }).click();
      await look(tab);
    }
    await page.getByRole('radio', { name: views.recording.label }).click();
    if (session.state.openRecording === null) {
      await look('empty');
      const file = {
        name: 'Gespräch mehrerer Leute über alles.wav',
        mimeType: 'audio/wav',
        buffer: Buffer.alloc(5000),
      };
      await page.locator('input[type=file]').setInputFiles(file);
    }
    await page.getByRole('application').waitFor();
    fake.find(NAMES.slice(0, 4));
    fake.change({ tracks: 'outdated', tracksRevision: 1, remarks: [] });
    await page.locator('.segment').first().waitFor();
    await look('Recording');
  }

  it('is German in every tab, fits, and axe finds nothing', async () => {
    const report: string[] = [];
    const seen = new Set<string>();
    const matched = new Set<RegExp>();
    for (const isTouch of [true, false]) {
      const { context, page, fake } = await open(isTouch);
      for (const [width, height] of SIZES) {
        if (isTouch !== width < 700) continue;
        await page.setViewportSize({ width, height });
        await visit(page, fake, async (place) => {
          const here = `${width} x ${height}, ${place}`;
          const texts = await page.evaluate(shownTexts);
          for (const text of texts.filter((each) => !seen.has(each))) {
            seen.add(text);
            const known = german.find((each) => each.test(text));
            if (known !== undefined) matched.add(known);
            else if (english.some((each) => each.test(text))) report.push(`${here}: English: ${text}`);
          }
          const limits = { targetPixels: 24, faderPixels: isTouch ? 44 : 24, hosts: LAYOUT_HOSTS };
          const findings = await page.evaluate(layoutFindings, limits);
          report.push(...findings.map((finding) => `${here}: ${finding}`));
          if (width < 1440) return;
          await page.evaluate(`typeof axe === 'undefined' && ${axe.source}`);
          const violations = await page.evaluate(async () => {
            const { axe: tool } = globalThis as unknown as { axe: typeof axe };
            // Colours do not depend on the language: everyScreen.test.ts checks them.
            const rules = { 'label-content-name-mismatch': { enabled: true }, 'color-contrast': { enabled: false } };
            const { violations } = await tool.run({ rules, resultTypes: ['violations'] });
            return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
          });
          report.push(...violations.map((violation) => `${here}: ${violation}`));
        });
      }
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
      await context.close();
    }
    expect(report).toEqual([]);
    expect(matched.size).toBeGreaterThan(250);
  });

  it('writes decimal commas, and accepts them', async () => {
    const { context, page } = await open(false);
    await page.goto(panel.address);
    const { level, master } = GERMAN.mixer;
    const field = page.getByRole('textbox', { name: GERMAN.controls.valueOf(level(master)) });
    await field.fill('-18,5');
    await field.press('Enter');
    await expect.poll(() => session.state.settings.master.gainDecibels).toBe(-18.5);
    await expect.poll(() => field.inputValue()).toBe('−18,5 dB');
    await page.getByRole('tab', { name: GERMAN.shell.tabs.health }).click();
    await page.getByText('32,0 ms').first().waitFor();
    await context.close();
  });

  it('shows English after a choice in the settings, at once and in later visits', async () => {
    const { context, page } = await open(false);
    await page.goto(panel.address);
    const language = () => page.evaluate(() => document.documentElement.lang);
    await page.getByRole('tab', { name: GERMAN.shell.tabs.sound }).click();
    await page.getByRole('combobox', { name: GERMAN.settings.language.name }).selectOption('en');
    await page.getByRole('tab', { name: 'Sound', selected: true }).waitFor();
    await page.getByRole('region', { name: 'Mixer' }).waitFor();
    expect(await language()).toBe('en');
    await page.reload();
    await page.getByRole('combobox', { name: 'Language' }).selectOption('system');
    await page.getByRole('tab', { name: GERMAN.shell.tabs.sound, selected: true }).waitFor();
    expect(await language()).toBe('de');
    await context.close();
  });
});
