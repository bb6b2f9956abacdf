import type { Clock } from '../engine/core/Clock.ts';

/** Clock that a test advances. Timers run in the order of their due times. */
export class FakeClock implements Clock {
  private now = 0;
  private readonly timers = new Set<{ due: number; readonly period: number | null; readonly action: () => void }>();

  get pendingTimers(): number {
    return this.timers.size;
  }

  nowMilliseconds(): number {
    return this.now;
  }

  after(milliseconds: number, action: () => void): () => void {
    return this.add(milliseconds, null, action);
  }

  every(milliseconds: number, action: () => void): () => void {
    return this.add(milliseconds, milliseconds, action);
  }

  advance(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = [...this.timers].filter(({ due }) => due <= end).sort((one, other) => one.due - other.due);
      if (next === undefined) break;
      this.now = next.due;
      if (next.period === null) this.timers.delete(next);
      else next.due += next.period;
      next.action();
    }
    this.now = end;
  }

  private add(milliseconds: number, period: number | null, action: () => void): () => void {
    const timer = { due: this.now + milliseconds, period, action };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }
}
