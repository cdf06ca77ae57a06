import type { Notice } from '../contract/signalling.ts';
import { element } from './element.ts';

/** Returns the function that shows a line of an operator over the picture: until its time is over, or somebody has read it. */
export function setUpNotice(onRead: () => void): (line: Notice | null) => void {
  const box = element('notice', HTMLElement);
  const text = element('notice-text', HTMLElement);
  /** Told again to a page that has come back, they are shown no more. */
  const read = new Set<string>();
  let shown: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function close(): void {
    if (shown !== undefined) read.add(shown);
    onRead();
  }
  element('notice-close', HTMLButtonElement).onclick = close;
  return (line) => {
    if (line?.id === shown) return;
    clearTimeout(timer);
    const isNew = line !== null && !read.has(line.id);
    shown = isNew ? line.id : undefined;
    box.hidden = !isNew;
    text.textContent = isNew ? line.text : '';
    if (isNew && line.forMs !== null) timer = setTimeout(close, line.forMs);
  };
}
