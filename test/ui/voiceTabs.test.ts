import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { parsePreset } from '../../engine/model/Preset.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { HAS_BROWSER } from './browser.ts';
import { PanelPage, presetText } from './PanelPage.ts';

describe.skipIf(!HAS_BROWSER)('the tabs of voices', () => {
  const ui = PanelPage.use();

  describe('voices', () => {
    it('are searched, loaded and unloaded', async () => {
      await ui.page.getByRole('searchbox', { name: 'Search voices' }).fill('2033');
      await expect.poll(() => ui.page.locator('.preset').count()).toBe(1);
      await ui.button('Load librispeech-2033').click();
      await ui.becomes(({ speakers }) => speakers.length, 3);
      await ui.button('Unload librispeech-2033').first().click();
      await ui.becomes(({ speakers }) => speakers.length, 2);
    });

    it('are imported by drag and drop, renamed, exported, deleted and restored', async () => {
      const text = await presetText('ann');
      await ui.drop('.drop-zone', [{ name: 'ann.unmingle.json', text }]);
      await ui.button('Rename ann').click();
      await ui.page.getByRole('textbox', { name: 'New name for ann' }).fill('anna');
      await ui.page.keyboard.press('Enter');
      await expect.poll(() => ui.session.state.presets.map(({ name }) => name)).toContain('anna');
      await ui.button('Delete anna').click();
      await expect.poll(() => ui.session.state.deletedPresets).toEqual(['anna']);
      await ui.button('Undo').click();
      await expect.poll(() => ui.session.state.deletedPresets).toEqual([]);
      await ui.button('Delete anna').click();
      await ui.button('Restore').click();
      await expect.poll(() => ui.session.state.presets.map(({ name }) => name)).toContain('anna');
      const [download] = await Promise.all([
        ui.page.waitForEvent('download'),
        ui.button('Export synthetic-male').click(),
      ]);
      expect(download.suggestedFilename()).toBe('synthetic-male.unmingle.json');
      expect(parsePreset(await readFile(await download.path(), 'utf8')).name).toBe('synthetic-male');
    });

    it('asks before replacing a voice of the same name', async () => {
      const text = await presetText('synthetic-male');
      await ui.drop('.drop-zone', [{ name: 'x.json', text }]);
      await ui.button('Replace').click();
      await ui.page.getByText('Imported synthetic-male').waitFor();
    });

    it('a file dropped outside a drop zone does not replace the page', async () => {
      await ui.drop('.mixer', [{ name: 'x.html', text: '<h1>gone</h1>' }]);
      const isPrevented = await ui.page.evaluate(() => {
        const event = new DragEvent('drop', { bubbles: true, cancelable: true });
        document.querySelector('.mixer')!.dispatchEvent(event);
        return event.defaultPrevented;
      });
      expect(isPrevented).toBe(true);
      await ui.button('synthetic-male, mute').click();
      await ui.becomes(({ speakers }) => speakers[1]!.isMuted, true);
    });

    it('hostile files are refused with a message, and the panel keeps working', async () => {
      const text = await presetText('evil');
      await ui.drop('.drop-zone', [
        { name: '<img src=x onerror=alert(1)>.json', text: '{"format":"unmingle-preset","name":"<script>"}' },
        { name: 'big.json', text: 'x'.repeat(1_100_000) },
        { name: 'changed.json', text: text.replace('"evil"', '"../../evil"') },
        { name: 'deep.json', text: '['.repeat(100_000) },
      ]);
      await expect.poll(() => ui.page.locator('.notice.problem').count(), { timeout: 5000 }).toBeGreaterThanOrEqual(3);
      expect(ui.session.state.presets.every(({ isOwn }) => !isOwn)).toBe(true);
      expect(await ui.page.locator('.notice img, .notice script').count()).toBe(0);
      await ui.slider('Master, level').press('PageDown');
      await ui.becomes(({ master }) => master.gainDecibels, -6);
    });
  });

  describe('enrolment', () => {
    beforeEach(() => ui.tab('Enrol'));

    it('from files: collects recordings, trains, shows the most similar voice', async () => {
      await ui.page.getByRole('textbox', { name: 'Name' }).fill('Ann');
      await ui.button('From files').click();
      await expect.poll(() => ui.session.state.enrolment?.name).toBe('Ann');
      expect(await ui.button('Train').isDisabled()).toBe(true);
      await ui.drop('.drop-zone', [{ name: 'ann.wav', text: 'R'.repeat(5000) }]);
      await expect.poll(() => ui.session.files).toEqual([{ name: 'ann.wav', bytes: 5000 }]);
      await ui.drop('.drop-zone', [{ name: 'evil.exe', text: 'MZ' }]);
      await ui.page.getByText('evil.exe: is not a supported audio file').waitFor();
      await ui.button('Train').click();
      await expect.poll(() => ui.session.state.enrolment?.phase).toBe('training');
      ui.session.enrol({ progress: 0.35, remainingSeconds: 9, loss: 0.213 });
      const progress = ui.page.getByRole('progressbar', { name: 'Training' });
      await expect.poll(() => progress.getAttribute('aria-valuenow')).toBe('35');
      await ui.page.getByText('0.213').waitFor();
      const ann = { ...ui.settings.speakers[0]!, preset: presetName('Ann') };
      ui.session.change({
        settings: { ...ui.settings, speakers: [...ui.settings.speakers, ann] },
        similarity: [1, 0.3, 0.4, 0.3, 1, 0.9, 0.4, 0.9, 1],
      });
      ui.session.enrol({ phase: 'done', progress: 1 });
      await ui.page.getByText('Similarity to').waitFor();
      expect(await ui.page.locator('.done').textContent()).toContain(
        'Similarity to synthetic-male, the most similar loaded voice: 90 %',
      );
    });

    it('from the microphone: shows hints, can be retried and cancelled', async () => {
      await ui.page.getByRole('textbox', { name: 'Name' }).fill('Bob');
      await ui.button('Record voice').click();
      await expect.poll(() => ui.session.state.enrolment?.phase).toBe('recording');
      expect(await ui.page.getByRole('checkbox', { name: 'Leave out parts' }).count()).toBe(0);
      ui.session.enrol({ recordedSeconds: 8, speechSeconds: 5.2, hints: ['too quiet: come nearer', 'a second voice'] });
      ui.session.enrol({ canClean: true });
      await ui.page.getByRole('checkbox', { name: 'Leave out parts' }).check();
      await ui.page.getByText('too quiet: come nearer').waitFor();
      expect(await ui.button('Add files').count()).toBe(0);
      expect(await ui.page.getByRole('progressbar', { name: 'Speech gathered' }).getAttribute('aria-valuenow')).toBe(
        '5',
      );
      await ui.button('Stop and train').click();
      await expect.poll(() => ui.session.state.enrolment?.phase).toBe('training');
      expect(ui.session.messages.at(-1)).toMatchObject({ type: 'trainEnrolment', isClean: true });
      ui.session.enrol({ phase: 'failed', message: 'the disk is full' });
      await ui.page.getByText('the disk is full').waitFor();
      await ui.button('Try again').click();
      await expect.poll(() => ui.session.state.enrolment?.phase).toBe('training');
      await ui.button('Cancel').click();
      await expect.poll(() => ui.session.state.enrolment).toBeNull();
    });
  });
});
