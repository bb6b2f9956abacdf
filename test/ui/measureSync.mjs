// Measures how well the pictures of the panel match the sound that it plays: the delay of the master meter behind the sound of `Listen`.
// The demo is played; rises of the sound's envelope, at the time at which the browser says that they are heard, are compared with rises of the
// meter in its frames on the screen. Usage, after npm run build: node test/ui/measureSync.mjs [seconds]
import { chromium } from 'playwright-core';
import { startDemoHost } from './demoHost.mjs';

const seconds = Number(process.argv[2] ?? 30);
const SETTLING_SECONDS = 15;
/** Envelope and meter are compared on this grid, at shifts up to `MOST_STEPS`. */
const STEP_MILLISECONDS = 5;
const MOST_STEPS = 80;
const FLOOR_DECIBELS = -60;

const browser = await chromium.launch({
  executablePath: process.env.UNMINGLE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--autoplay-policy=no-user-gesture-required'],
});
const host = await startDemoHost();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
await page.addInitScript(() => {
  localStorage.setItem('unmingle.page', 'live');
  globalThis.heard = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when) {
    const { contextTime, performanceTime } = this.context.getOutputTimestamp();
    const samples = this.buffer.getChannelData(0);
    const length = Math.round(this.buffer.sampleRate / 200);
    const levels = [];
    for (let from = 0; from < samples.length; from += length) {
      let peak = 0;
      for (const sample of samples.subarray(from, from + length)) peak = Math.max(peak, Math.abs(sample));
      levels.push(20 * Math.log10(Math.max(peak, 1e-6)));
    }
    globalThis.heard.push({ milliseconds: performanceTime + 1000 * (when - contextTime), levels });
    return start.call(this, when);
  };
});
await page.goto(host.address);
await page.getByRole('button', { name: 'Listen' }).click();
await page.waitForTimeout(SETTLING_SECONDS * 1000);
const { heard, seen } = await page.evaluate(async (duration) => {
  const canvas = document.querySelector('canvas[aria-label^="Master"]');
  const context = canvas.getContext('2d');
  const seen = [];
  const end = performance.now() + 1000 * duration;
  await new Promise((resolve) => {
    const look = (milliseconds) => {
      const { width, height } = canvas;
      // The solid bar is the level RMS, the pale one the peak; whatever is not the ground is lit.
      const column = context.getImageData(Math.floor(width / 2), 0, 1, height).data;
      const ground = [column[0], column[1], column[2]];
      let lit = 0;
      for (let row = height - 1; row >= 0; row--) {
        const difference = ground.reduce((sum, value, channel) => sum + Math.abs(value - column[4 * row + channel]), 0);
        if (difference < 24) break;
        lit++;
      }
      seen.push([milliseconds, lit / height]);
      if (milliseconds < end) requestAnimationFrame(look);
      else resolve();
    };
    requestAnimationFrame(look);
  });
  return { heard: globalThis.heard, seen };
}, seconds);
await browser.close();
host.stop();

const from = seen[0][0];
const steps = Math.floor((seen.at(-1)[0] - from) / STEP_MILLISECONDS);
const envelope = new Float64Array(steps + 2 * MOST_STEPS).fill(FLOOR_DECIBELS);
for (const { milliseconds, levels } of heard)
  levels.forEach((level, n) => {
    const step = Math.round((milliseconds + 5 * n - from) / STEP_MILLISECONDS) + MOST_STEPS;
    if (step >= 0 && step < envelope.length) envelope[step] = Math.max(level, FLOOR_DECIBELS);
  });
const meter = new Float64Array(steps);
let frame = 0;
for (let step = 0; step < steps; step++) {
  while (seen[frame + 1][0] - from <= step * STEP_MILLISECONDS) frame++;
  meter[step] = seen[frame][1];
}
/** Rises only: a meter falls slower than the sound. */
const rises = (values) => values.map((value, n) => (n < 4 ? 0 : Math.max(0, value - values[n - 4])));
const [risingSound, risingMeter] = [rises(envelope), rises(meter)];
let best = { steps: 0, score: -1 };
for (let shift = -MOST_STEPS; shift <= MOST_STEPS; shift++) {
  let score = 0;
  for (let step = 0; step < steps; step++) {
    const other = step - shift + MOST_STEPS;
    if (other >= 0 && other < envelope.length) score += risingMeter[step] * risingSound[other];
  }
  if (score > best.score) best = { steps: shift, score };
}
const frames = seen.slice(1).map(([milliseconds], n) => milliseconds - seen[n][0]);
frames.sort((one, other) => one - other);
console.log(
  `the meter follows the sound by ${best.steps * STEP_MILLISECONDS} ms (${heard.length} pieces of sound, ${seen.length} frames of ${frames[frames.length >> 1].toFixed(1)} ms in the median)`,
);
