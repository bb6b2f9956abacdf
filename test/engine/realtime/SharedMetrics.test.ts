import { expect, it } from 'vitest';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { DryHistory } from '../../../engine/realtime/DryHistory.ts';
import { SharedMetrics } from '../../../engine/realtime/SharedMetrics.ts';
import { StreamPositionMap } from '../../../engine/realtime/StreamPositionMap.ts';

it('shows the metrics of one publication together', () => {
  const writer = new SharedMetrics();
  const reader = new SharedMetrics(writer.buffer);
  writer.set('latencySamples', 256);
  writer.add('droppedSamples', 3);
  writer.add('droppedSamples', 4);
  expect(reader.get('droppedSamples')).toBe(0);
  writer.publish();
  const metrics = reader.read();
  expect([metrics.get('latencySamples'), metrics.get('droppedSamples')]).toEqual([256, 7]);
});

it('a stream position never mixes metrics of two publications', () => {
  const metrics = new SharedMetrics();
  const input = new SampleRing(SampleRing.allocate(64));
  const history = new DryHistory(64);
  const positions = new StreamPositionMap(history, { input, metrics: new SharedMetrics(metrics.buffer) }, 16_000);
  metrics.set('latencySamples', 8);
  metrics.publish();
  expect(positions.inputPositionAt(20)).toBe(12);
  // A swap to a chain with more latency, of which only half has been written.
  metrics.set('latencySamples', 16);
  metrics.add('shortenedSamples', 8);
  new Int32Array(metrics.buffer)[0]!++;
  expect(positions.inputPositionAt(20)).toBe(12);
  new Int32Array(metrics.buffer)[0]!--;
  metrics.publish();
  expect(positions.inputPositionAt(20)).toBe(12);
});

it('counts loads since the last call', () => {
  const writer = new SharedMetrics();
  const reader = new SharedMetrics(writer.buffer);
  expect(reader.takeLoads()).toBeNull();
  for (let n = 0; n < 99; n++) writer.addLoad(0.25);
  writer.addLoad(2);
  expect(reader.takeLoads()).toEqual({ median: 0.25, p99: 0.25, largest: 2 });
  expect(reader.takeLoads()).toBeNull();
});
