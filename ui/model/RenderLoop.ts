/** Calls all painters of the panel once per animation frame. Browsers pause it while the page is hidden. */
export class RenderLoop {
  private readonly painters = new Set<(nowMilliseconds: number) => void>();
  private isRunning = false;

  /** @returns a function that removes the painter */
  add(paint: (nowMilliseconds: number) => void): () => void {
    this.painters.add(paint);
    if (!this.isRunning) {
      this.isRunning = true;
      requestAnimationFrame(this.frame);
    }
    return () => this.painters.delete(paint);
  }

  private readonly frame = (nowMilliseconds: number): void => {
    for (const paint of this.painters) paint(nowMilliseconds);
    this.isRunning = this.painters.size > 0;
    if (this.isRunning) requestAnimationFrame(this.frame);
  };
}
