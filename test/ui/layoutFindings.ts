/** Element that shows and takes the clicks of a control: an invisible list lies over some labels. */
const HOSTS = '.merge, .add-speaker, .strip-name';

export interface LayoutRules {
  /** Least width and height of a control, px. */
  readonly targetPixels: number;
  /** Least width of the thing dragged of a fader, px. */
  readonly faderPixels: number;
}

/**
 * What is wrong with the layout as it is shown: a page wider than the window, text or controls that are cut, covered or too small. Runs in
 * the page. What can be scrolled to is not cut.
 */
export function layoutFindings({
  hosts,
  targetPixels,
  faderPixels,
}: LayoutRules & { readonly hosts: string }): string[] {
  const found: string[] = [];
  const nameOf = (element: Element) =>
    `${element.ariaLabel ?? element.textContent?.trim().slice(0, 30)} (.${[...element.classList].join('.')})`;
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} px wide`);

  const clips = (style: CSSStyleDeclaration) => /hidden|clip/.test(style.overflowX + style.overflowY);
  const scrolls = (style: CSSStyleDeclaration) => /auto|scroll/.test(style.overflowX + style.overflowY);
  /** @returns how much of the element cannot be brought into view, px; null if it is not shown at all now */
  const cutPixels = (element: Element): number | null => {
    const box = element.getBoundingClientRect();
    for (
      let parent = element.parentElement;
      parent !== null && parent !== document.body;
      parent = parent.parentElement
    ) {
      const style = getComputedStyle(parent);
      const frame = parent.getBoundingClientRect();
      const out = Math.max(
        frame.left - box.left,
        box.right - frame.right,
        frame.top - box.top,
        box.bottom - frame.bottom,
      );
      if (scrolls(style) && out > 0) return null;
      if (clips(style) && out > 1) return out;
    }
    return Math.max(0, -box.left, box.right - innerWidth);
  };
  const isShown = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
  };

  const controls = [...document.querySelectorAll('button, select, input, a[href], [role=slider], [role=scrollbar]')]
    .map((control) => control.closest(hosts) ?? control)
    .filter((control) => isShown(control) && control.closest('.segment, .skip, .notice') === null);
  const inView: { readonly control: Element; readonly box: DOMRect }[] = [];
  for (const control of new Set(controls)) {
    const cut = cutPixels(control);
    if (cut === null) continue;
    if (cut > 0) found.push(`${nameOf(control)} is cut by ${Math.round(cut)} px`);
    const box = control.getBoundingClientRect();
    inView.push({ control, box });
    const least = Math.min(box.width, box.height);
    const isFader = control.matches('[role=slider]');
    if (least + 0.5 < (isFader ? faderPixels : targetPixels) && !control.matches('[type=checkbox]')) {
      found.push(`${nameOf(control)} is ${Math.round(box.width)} x ${Math.round(box.height)} px`);
    }
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const isOnScreen = box.top >= 0 && box.bottom <= innerHeight;
    if (isOnScreen && top !== null && !control.contains(top) && !top.contains(control)) {
      found.push(`${nameOf(control)} is covered by ${nameOf(top)}`);
    }
  }
  for (const [index, one] of inView.entries()) {
    for (const other of inView.slice(index + 1)) {
      if (one.control.contains(other.control) || other.control.contains(one.control)) continue;
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (width > 1 && height > 1) found.push(`${nameOf(one.control)} overlaps ${nameOf(other.control)}`);
    }
  }

  for (const element of document.querySelectorAll<HTMLElement>('#panel *')) {
    if (!isShown(element)) continue;
    const hasText = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
    );
    const isField =
      element instanceof HTMLInputElement && element.type === 'text' && document.activeElement !== element;
    if (!hasText && !isField) continue;
    const style = getComputedStyle(element);
    const isCut = element.scrollWidth > element.clientWidth + 1 && (isField || clips(style));
    // Names may end in an ellipsis where the whole name is in the tooltip.
    const isShortened = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
    const isAbbreviated = isShortened && element.closest('[title]') !== null;
    if (isCut && !isAbbreviated) found.push(`text "${nameOf(element)}" is cut`);
    if (style.position !== 'absolute' && !element.matches('option, .record-text') && (cutPixels(element) ?? 0) > 1) {
      found.push(`text "${nameOf(element)}" reaches out of its frame`);
    }
  }
  return [...new Set(found)];
}

export const LAYOUT_HOSTS = HOSTS;
