/** Paints all pictures of the panel from one animation frame; nothing runs while the page is hidden. */
export class RenderLoop {
  private readonly painters = new Set<(nowMilliseconds: number) => void>();
  private isRunning = false;

  /** @returns ends the painting */
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
