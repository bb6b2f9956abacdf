/** All texts of the page, also those of attributes that are shown or spoken, each once. Runs in the page. */
export function shownTexts(): string[] {
  const attributes = ['title', 'aria-label', 'aria-valuetext', 'aria-description', 'placeholder', 'alt'];
  const texts = [...document.querySelectorAll('#panel *')].flatMap((element) => [
    ...[...element.childNodes]
      .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent ?? ''),
    ...attributes.map((name) => element.getAttribute(name) ?? ''),
  ]);
  return [...new Set(texts.map((text) => text.trim()).filter((text) => /\p{L}/u.test(text)))];
}
