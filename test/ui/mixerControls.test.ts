import { describe, expect, it } from 'vitest';
import type { LiveSettings } from '../../host/protocol/LiveState.ts';
import { HAS_BROWSER } from './browser.ts';
import { PanelPage } from './PanelPage.ts';

describe.skipIf(!HAS_BROWSER)('the mixer', () => {
  const ui = PanelPage.use();

  it('faders move by arrow, page, home and end keys', async () => {
    const gain = ({ speakers }: LiveSettings) => speakers[0]!.gainDecibels;
    await ui.slider('synthetic-female, level').focus();
    for (const [key, expected] of [
      ['ArrowDown', -0.5],
      ['ArrowUp', 0],
      ['Shift+ArrowUp', 0.05],
      ['Delete', 0],
      ['PageDown', -6],
      ['PageUp', 0],
      ['End', 12],
      ['Home', -60],
      ['Backspace', 0],
    ] as const) {
      await ui.page.keyboard.press(key);
      await ui.becomes(gain, expected);
    }
    await expect.poll(() => ui.slider('synthetic-female, level').getAttribute('aria-valuetext')).toBe('0.0 dB');
  });

  it('faders follow the mouse, and a double-click resets them', async () => {
    const track = ui.slider('synthetic-male, level');
    const box = (await track.boundingBox())!;
    await ui.page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.3);
    await ui.page.mouse.down();
    for (let share = 0.3; share <= 0.8; share += 0.1)
      await ui.page.mouse.move(box.x + box.width / 2, box.y + box.height * share);
    await ui.page.mouse.up();
    await expect.poll(() => ui.settings.speakers[1]!.gainDecibels).toBeLessThan(-20);
    await track.dblclick();
    await ui.becomes(({ speakers }) => speakers[1]!.gainDecibels, 0);
    expect(ui.settings.speakers[0]!.gainDecibels).toBe(0);
  });

  it('faders follow touch', async () => {
    const box = (await ui.slider('synthetic-male, level').boundingBox())!;
    const devtools = await ui.page.context().newCDPSession(ui.page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y: number) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + box.width / 2, y: box.y + box.height * y }],
      });
    await touch('touchStart', 0.4);
    for (let y = 0.45; y < 0.9; y += 0.1) await touch('touchMove', y);
    await touch('touchEnd', 0);
    await expect.poll(() => ui.settings.speakers[1]!.gainDecibels).toBeLessThan(-25);
  });

  it('a dragged fader stays within the rate limit of the host', async () => {
    const track = ui.slider('Master, level');
    const box = (await track.boundingBox())!;
    await ui.page.mouse.move(box.x + box.width / 2, box.y + 20);
    await ui.page.mouse.down();
    for (let move = 0; move < 60; move++) await ui.page.mouse.move(box.x + box.width / 2, box.y + 20 + (move % 60));
    await ui.page.mouse.up();
    await expect
      .poll(() => ui.slider('Master, level').getAttribute('aria-valuenow'))
      .toBe(String(ui.settings.master.gainDecibels));
    expect(await ui.page.locator('.notice').count()).toBe(0);
  });

  it('values can be typed', async () => {
    const field = ui.page.getByRole('textbox', { name: 'Master, level, value' });
    await field.fill('-7.5');
    await field.press('Enter');
    await ui.becomes(({ master }) => master.gainDecibels, -7.5);
    await field.fill('loud');
    await field.press('Enter');
    await expect.poll(() => field.inputValue()).toBe('−7.5 dB');
    await field.fill('99');
    await field.press('Enter');
    await ui.becomes(({ master }) => master.gainDecibels, 12);
    const wet = ui.page.getByRole('textbox', { name: 'Master, wet, value' });
    await wet.fill('40');
    await wet.press('Enter');
    await ui.becomes(({ master }) => master.wet, 0.4);
  });

  it('mute, solo, bypass and wet change the settings', async () => {
    await ui.button('synthetic-female, mute').click();
    await ui.becomes(({ speakers }) => speakers.map(({ isMuted }) => isMuted), [true, false]);
    await ui.button('synthetic-male, solo').press('Enter');
    await ui.becomes(({ speakers }) => speakers.map(({ isSoloed }) => isSoloed), [false, true]);
    await ui.button('Rest, mute').click();
    await ui.button('Rest, solo').click();
    await ui.becomes(({ rest }) => [rest.isMuted, rest.isSoloed], [true, true]);
    await ui.slider('Rest, level').press('PageDown');
    await ui.becomes(({ rest }) => rest.gainDecibels, -6);
    await ui.slider('Master, wet').press('Home');
    await ui.becomes(({ master }) => master.wet, 0);
    await ui.button('Bypass').click();
    await ui.becomes(({ master }) => master.isBypassed, true);
    await expect.poll(() => ui.button('Bypass').getAttribute('aria-pressed')).toBe('true');
    await ui.page.locator('body').press('b');
    await ui.becomes(({ master }) => master.isBypassed, false);
    await expect.poll(() => ui.button('Bypass').getAttribute('aria-pressed')).toBe('false');
  });

  it('speakers are added, replaced, coloured, sent and unloaded', async () => {
    await ui.page.getByRole('combobox', { name: 'Add a speaker' }).selectOption('librispeech-367');
    await ui.becomes(({ speakers }) => speakers.map(({ preset }) => String(preset))[2], 'librispeech-367');
    await ui.page.getByRole('combobox', { name: 'Speaker 3' }).selectOption('librispeech-533');
    await ui.becomes(({ speakers }) => String(speakers[2]!.preset), 'librispeech-533');
    const focused = () => ui.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(focused).toBe('Speaker 3');
    await ui.page.getByLabel('librispeech-533, colour').fill('#102030');
    await ui.becomes(({ speakers }) => speakers[2]!.colour, '#102030');
    expect(await ui.button('librispeech-533, send').count()).toBe(0);
    ui.session.change({ sendName: 'Virtual microphone' });
    await ui.button('librispeech-533, send').click();
    await ui.becomes(({ speakers }) => speakers[2]!.isSent, true);
    await ui.page.getByRole('group', { name: 'librispeech-533' }).getByTitle('Unload').focus();
    await ui.page.keyboard.press('Enter');
    await ui.becomes(({ speakers }) => speakers.length, 2);
  });

  it('of two strips with the same preset, the one that is moved changes', async () => {
    await ui.page.getByRole('combobox', { name: 'Add a speaker' }).selectOption('synthetic-female');
    await expect.poll(() => ui.button('synthetic-female, mute').count()).toBe(2);
    await ui.button('synthetic-female, mute').last().click();
    await ui.becomes(({ speakers }) => speakers.map(({ isMuted }) => isMuted), [false, false, true]);
    await ui.button('Unload synthetic-female').first().click();
    await ui.becomes(
      ({ speakers }) => speakers.map(({ id, isMuted }) => [id, isMuted]),
      [
        [2, false],
        [3, true],
      ],
    );
  });

  it('a removed voice comes back with its fader', async () => {
    await ui.slider('synthetic-female, level').press('PageDown');
    await ui.becomes(({ speakers }) => speakers[0]?.gainDecibels, -6);
    await ui.button('Unload synthetic-female').first().click();
    await ui.becomes(({ speakers }) => speakers.map(({ preset }) => preset), ['synthetic-male']);
    await ui.button('Undo').click();
    await ui.becomes(
      ({ speakers }) => speakers.map(({ preset, gainDecibels }) => `${preset} ${gainDecibels}`),
      ['synthetic-male 0', 'synthetic-female -6'],
    );
  });

  it('two quick clicks on unload remove one voice, not the next one that moves into its slot', async () => {
    await ui
      .button('Unload synthetic-female')
      .first()
      .evaluate((button: HTMLElement) => {
        button.click();
        button.click();
      });
    await ui.becomes(({ speakers }) => speakers.map(({ preset }) => preset), ['synthetic-male']);
    await ui.page.getByText('voice 1 is not loaded any more').waitFor();
    expect(ui.settings.speakers).toHaveLength(1);
  });

  it('a double click on unload does not remove the strip that has moved under the pointer', async () => {
    const box = (await ui.button('Unload synthetic-female').first().boundingBox())!;
    const { mouse } = ui.page;
    await mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await ui.becomes(({ speakers }) => speakers.map(({ preset }) => preset), ['synthetic-male']);
    const moved = ui.button('Unload synthetic-male').first();
    await expect.poll(async () => (await moved.boundingBox())!.x).toBeCloseTo(box.x, 0);
    await mouse.down({ clickCount: 2 });
    await mouse.up({ clickCount: 2 });
    // Messages are carried out in order.
    await ui.button('Bypass').click();
    await ui.becomes(({ master }) => master.isBypassed, true);
    expect(ui.settings.speakers).toHaveLength(1);
  });

  it('the record button shows time and size', async () => {
    await ui.button('Record').click();
    await expect.poll(() => ui.session.state.recording).not.toBeNull();
    ui.session.change({ recording: { ...ui.session.state.recording!, seconds: 75, bytes: 14_400_000 } });
    await ui.page.getByText('01:15 14.4 MB').waitFor();
    await ui.button('Stop recording').click();
    await expect.poll(() => ui.session.state.recording).toBeNull();
    await ui.page.getByText(/^Recorded 01:15 to/).waitFor();
  });
});
