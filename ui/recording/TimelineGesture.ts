import { panTo, pinch, type TimeView } from './TimeView.ts';

const DRAG_PIXELS = 4;

/** A drag by one pointer or a pinch by two, over the view in which it began. */
export class TimelineGesture {
  /** Whether the gesture has been more than a click. */
  hasMoved = false;
  private view: TimeView;
  /** [pointers] pixel at which each began, and where it is now; one or two */
  private readonly pointers = new Map<number, { from: number; to: number }>();

  constructor(view: TimeView, pointerId: number, pixel: number) {
    this.view = view;
    this.pointers.set(pointerId, { from: pixel, to: pixel });
  }

  /** A second pointer makes a pinch of the drag; a third is ignored. */
  add(pointerId: number, pixel: number): void {
    if (this.pointers.size > 1) return;
    this.restart();
    this.pointers.set(pointerId, { from: pixel, to: pixel });
    this.hasMoved = true;
  }

  /** @returns the view that follows the pointer; null if it is not one of the gesture, or has hardly moved */
  move(pointerId: number, pixel: number): TimeView | null {
    const pointer = this.pointers.get(pointerId);
    if (pointer === undefined) return null;
    pointer.to = pixel;
    if (Math.abs(pixel - pointer.from) >= DRAG_PIXELS) this.hasMoved = true;
    return this.hasMoved ? this.current() : null;
  }

  /** @returns whether that was the last pointer */
  release(pointerId: number): boolean {
    if (this.pointers.has(pointerId)) {
      this.restart();
      this.pointers.delete(pointerId);
    }
    return this.pointers.size === 0;
  }

  private current(): TimeView {
    const [first, second] = [...this.pointers.values()];
    if (first === undefined) return this.view;
    if (second !== undefined) return pinch(this.view, [first.from, second.from], [first.to, second.to]);
    return panTo(this.view, this.view.startSeconds - (first.to - first.from) * this.view.secondsPerPixel);
  }

  /** Goes on from what is shown now, with one pointer more or less. */
  private restart(): void {
    this.view = this.current();
    for (const pointer of this.pointers.values()) pointer.from = pointer.to;
  }
}
