/** Joins the lines of each paragraph of a help text, so that commander wraps it to the width of the terminal. */
export function paragraphs(text: string): string {
  return text.replace(/(?<!\n)\n(?!\n)/g, ' ');
}

/** Breaks a text that commander does not wrap, such as the one after the options, into lines of less than `columns`. */
export function wrapped(text: string, columns = 80): string {
  return text.replace(new RegExp(`(.{1,${columns - 1}})(?: |$)`, 'g'), '$1\n').trimEnd();
}
