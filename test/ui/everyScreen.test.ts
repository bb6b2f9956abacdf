import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetName } from '../../engine/model/PresetName.ts';
import { presetFolders } from '../../host/library/PresetLibrary.ts';
import { type Panel, startPanel } from '../../host/panel/PanelServer.ts';
import { NO_VOICE_SEARCH } from '../../host/protocol/voiceSearch.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { HAS_BROWSER, launchBrowser, openPage } from './browser.ts';
import { FakeRecording } from './FakeRecording.ts';
import { LAYOUT_HOSTS, type LayoutRules, layoutFindings } from './layoutFindings.ts';
import { presetText } from './PanelPage.ts';
import { SimulatedSession } from './SimulatedSession.ts';
import { simulatedSimilarity, simulatedStatus } from './simulatedState.ts';

/** Screenshots to inspect after a change. */
const pictures = join(tmpdir(), 'unmingle-screenshots');
/** Eight voices, as many as there can be, with long and non-Latin names. */
const NAMES = [
  'Anneliese von Hohenstein-Oberndorff (headset)',
  '王小明',
  'Дмитрий Александрович Шостакович',
  'ليلى بنت عبد الرحمن',
  'Bob',
  'Søren Kierkegaard-Rasmussen',
  'Donaudampfschifffahrtsgesellschaftskapitän',
  'さくらももこ',
];
const TABS = ['Voices', 'Enrol', 'Sound', 'Health', 'Recordings', 'Snapshots', 'MIDI'];
/** Those of `NAMES` that were found in the conversation and are not kept yet. */
const FOUND = new Set(NAMES.slice(2, 5));
const PICTURED = new Set(['alone', 'Sound', 'Recording', 'Recordings', 'Start', 'empty', 'search']);
/** A phone, half a screen, 1440 x 900 at 200 %, small and common windows, and the breakpoint of the side panel. */
const SIZES = [
  [390, 844],
  [681, 900],
  [720, 450],
  [900, 600],
  [1024, 700],
  [1180, 800],
  [1440, 900],
] as const;
const MOUSE: LayoutRules = { targetPixels: 24, faderPixels: 24 };
const FINGER: LayoutRules = { targetPixels: 24, faderPixels: 44 };

describe.skipIf(!HAS_BROWSER)('the panel on every screen', { timeout: 400_000 }, () => {
  const own = temporaryFolder();
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
      snapshots: ['Interview in the large studio with everybody', 'Чат'],
      similarity: simulatedSimilarity(NAMES.length),
      presets: session.state.presets.map((preset) =>
        FOUND.has(preset.name) ? { ...preset, origin: 'found' } : preset,
      ),
      takes: [
        {
          name: '2026-11-29 10.30.00 Interview',
          startTime: '2026-11-29T10:30:00.000Z',
          seconds: 3725,
          voices: NAMES,
          files: ['mix.wav', 'mixture.wav', 'rest.wav', ...NAMES.map((name) => `${name}.wav`)],
          bytes: 4e9,
          reason: 'the disk is full',
        },
      ],
    });
    await session.control({ type: 'startEnrolment', name: presetName('Zoë'), source: 'microphone' });
    session.enrol({ speechSeconds: 12, recordedSeconds: 15, hints: ['The recording is quiet.'], canClean: true });
    session.status$.next(simulatedStatus(60, 0.4));
    panel = await startPanel(session, { port: 0 });
    await mkdir(pictures, { recursive: true });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await panel?.close();
  });

  /** Opens the recording view on a separated recording. */
  async function showRecording(page: Page, fake: FakeRecording): Promise<void> {
    await page.getByRole('radio', { name: 'Recording' }).click();
    if (session.state.openRecording === null) {
      await page.locator('input[type=file]').setInputFiles({
        name: 'A conversation of several people about everything.wav',
        mimeType: 'audio/wav',
        buffer: Buffer.alloc(5000),
      });
    }
    await page.getByRole('application', { name: 'Timeline' }).waitFor();
    fake.find(NAMES.slice(0, 4));
    fake.change({ tracks: 'current', tracksRevision: 1, remarks: ['The first voice is hardly ever alone.'] });
    await page.locator('.segment').first().waitFor();
  }

  /** Visits the mixer alone, with each tab beside it, and the recording view. */
  async function visit(page: Page, fake: FakeRecording, look: (place: string) => Promise<void>): Promise<void> {
    await page.getByRole('radio', { name: 'Live' }).click();
    const drawer = page.getByRole('button', { name: 'Side panel', exact: true });
    if ((await drawer.getAttribute('aria-expanded')) === 'true') await drawer.click();
    await page.getByRole('radio', { name: 'Templates' }).click();
    await look('Templates');
    await page.getByRole('radio', { name: 'Spectra' }).click();
    await look('alone');
    await drawer.click();
    for (const tab of TABS) {
      await page.getByRole('tab', { name: tab }).click();
      await look(tab);
    }
    await showRecording(page, fake);
    await look('Recording');
  }

  it('axe finds nothing in any tab, in the dark and in the light', async () => {
    const report: string[] = [];
    for (const theme of ['dark', 'light'] as const) {
      const { page } = await openPage(browser, panel.address, { theme });
      const fake = await FakeRecording.attach(session, page);
      await page.evaluate(axe.source);
      await visit(page, fake, async (place) => {
        const violations = await page.evaluate(async () => {
          const { axe: tool } = globalThis as unknown as { axe: typeof axe };
          // Experimental in axe, but a criterion of WCAG 2.1, level A (2.5.3).
          const rules = { 'label-content-name-mismatch': { enabled: true } };
          const { violations } = await tool.run({ rules, resultTypes: ['violations'] });
          return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
        });
        report.push(...violations.map((violation) => `${theme}, ${place}: ${violation}`));
      });
      await page.context().close();
    }
    expect(report).toEqual([]);
  });

  /**
   * Takes pictures, and collects what is wrong with the layout at each size, with finger or mouse.
   * @param visitor shows the places to look at; made once for each page
   */
  async function findings(
    address: string,
    visitor: (page: Page) => Promise<(look: (place: string) => Promise<void>) => Promise<void>>,
  ): Promise<string[]> {
    const report: string[] = [];
    for (const isTouch of [true, false]) {
      const context = await browser.newContext({ colorScheme: 'dark', hasTouch: isTouch, isMobile: isTouch });
      const page = await context.newPage();
      const visit = await visitor(page);
      for (const [width, height] of SIZES) {
        if (isTouch !== width < 700) continue;
        await page.setViewportSize({ width, height });
        await page.goto(address);
        await visit(async (place) => {
          const rules = { ...(isTouch ? FINGER : MOUSE), hosts: LAYOUT_HOSTS };
          const found = await page.evaluate(layoutFindings, rules);
          report.push(...found.map((finding) => `${width} x ${height}, ${place}: ${finding}`));
          if (PICTURED.has(place)) await page.screenshot({ path: join(pictures, `${width}-${place}.png`) });
        });
      }
      await context.close();
    }
    return report;
  }

  it('nothing is cut, covered or too small at any size', async () => {
    const report = await findings(panel.address, async (page) => {
      const fake = await FakeRecording.attach(session, page);
      return async (look) => {
        await page.getByRole('radio', { name: 'Live' }).waitFor();
        await visit(page, fake, look);
      };
    });
    expect(report).toEqual([]);
  });

  it('nor in an empty session, from the start page to the search of voices', async () => {
    const empty = await SimulatedSession.bundled([]);
    const other = await startPanel(empty, { port: 0 });
    const report = await findings(other.address, async (page) => async (look) => {
      empty.change({ voiceSearch: { ...NO_VOICE_SEARCH, problem: 'The thread that looks for voices has ended.' } });
      await page.getByRole('main', { name: 'Start' }).waitFor();
      await look('Start');
      await page.getByRole('radio', { name: 'Recording' }).click();
      await look('no recording');
      await page.getByRole('radio', { name: 'Live' }).click();
      const drawer = page.getByRole('button', { name: 'Side panel', exact: true });
      if ((await drawer.getAttribute('aria-expanded')) === 'true') await drawer.click();
      await look('empty');
      empty.change({ voiceSearch: { ...NO_VOICE_SEARCH, phase: 'learning', speechSeconds: 52, learning: 1 } });
      await page.getByRole('button', { name: 'Stop listening' }).waitFor();
      await look('search');
      // The mixer scrolls, but what is stored must be read without.
      const box = (await page.locator('.voice-search').boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(page.viewportSize()!.width);
    });
    await other.close();
    expect(report).toEqual([]);
  });
});
