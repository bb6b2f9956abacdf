import { describe, expect, it } from 'vitest';
import { HAS_BROWSER } from './browser.ts';
import { PanelPage } from './PanelPage.ts';

describe.skipIf(!HAS_BROWSER)('the visualizer', () => {
  const ui = PanelPage.use();

  it('the visualizer switches views and shows the values at the cursor, moved by pointer or arrow keys', async () => {
    const { demoTelemetry } = await import('./demoTelemetry.ts');
    for (const frame of await demoTelemetry(['synthetic-female', 'synthetic-male'], 3))
      ui.session.telemetry$.next(frame);
    const spectrogram = ui.page.getByRole('application');
    const reading = ui.page.locator('.reading');
    await spectrogram.hover({ position: { x: 1000, y: 60 } });
    await expect.poll(() => reading.textContent()).toMatch(/^−\d\.\d\d s {3}[\d.]+ k?Hz {3}−?[\d.]+ dB$/);
    const hertz = async () => (await reading.textContent())!.split('   ')[1];
    const log = await hertz();
    await ui.page.getByRole('radio', { name: 'Linear' }).click();
    await spectrogram.hover({ position: { x: 1000, y: 60 } });
    await expect.poll(hertz).not.toBe(log);
    await ui.page.mouse.move(5, 5);
    await spectrogram.focus();
    await ui.page.keyboard.press('ArrowRight');
    await ui.page.keyboard.press('ArrowUp');
    await expect.poll(() => reading.count()).toBe(1);
    const picture = () => ui.page.locator('.lanes-picture canvas').screenshot();
    const plain = await picture();
    await ui.button('Mask overlay').click();
    expect((await picture()).equals(plain)).toBe(false);
    await ui.button('Mask overlay').click();
    const lanes = ui.page.locator('.lane-name');
    expect(await lanes.allTextContents()).toEqual(['Mixture', 'synthetic-female', 'synthetic-male']);
    await ui.button('Rest lane').click();
    await expect.poll(() => lanes.allTextContents()).toEqual(['Mixture', 'synthetic-female', 'synthetic-male', 'Rest']);
    const box = (await spectrogram.boundingBox())!;
    await spectrogram.hover({ position: { x: 1000, y: box.height * 0.85 } });
    await expect.poll(() => reading.textContent()).toMatch(/Hz {3}(−?[\d.]+ dB|silent)$/);
    await ui.page.getByRole('radio', { name: 'Activations' }).click();
    await spectrogram.hover({ position: { x: 1000, y: 60 } });
    await expect.poll(() => reading.textContent()).toMatch(/template \d+ {3}\d\.\d{3}$/);
    await ui.page.getByRole('radio', { name: '5 s', exact: true }).click();
    await ui.page.getByRole('radio', { name: 'Templates' }).click();
    await ui.page.getByText('sampled at 513 frequencies').waitFor();
    await ui.slider('DFT size').press('Home');
    await ui.page.getByText('sampled at 33 frequencies').waitFor();
    await ui.slider('Template').press('ArrowRight');
    await expect.poll(() => ui.page.getByRole('textbox', { name: 'Template, value' }).inputValue()).toBe('2');
  });

  it('the spectrograms are painted again only while sound arrives', async () => {
    const { demoTelemetry } = await import('./demoTelemetry.ts');
    const frames = await demoTelemetry(['synthetic-female', 'synthetic-male'], 3);
    const repaints = () =>
      ui.page.evaluate(async () => {
        const { prototype } = CanvasRenderingContext2D;
        const { drawImage } = prototype;
        let count = 0;
        prototype.drawImage = function (this: CanvasRenderingContext2D, ...values: unknown[]) {
          count++;
          Reflect.apply(drawImage, this, values);
        } as typeof drawImage;
        await new Promise((resolve) => setTimeout(resolve, 300));
        prototype.drawImage = drawImage;
        return count;
      });
    await expect.poll(repaints).toBe(0);
    const playing = setInterval(() => {
      const frame = frames.shift();
      if (frame !== undefined) ui.session.telemetry$.next(frame);
    }, 20);
    await expect.poll(repaints).toBeGreaterThan(1);
    clearInterval(playing);
    await expect.poll(repaints).toBe(0);
  });
});
