/** Joins the lines of each paragraph of a help text, so that commander wraps it to the width of the terminal. */
export function paragraphs(text: string): string {
  return text.replace(/(?<!\n)\n(?!\n)/g, ' ');
}
