import { element } from './element.ts';
import { fetchLater } from './fetch-later.ts';
import type { Statistics } from './statistics.ts';

/** The panel with the figures of the connection. */
export interface StatisticsPanel {
  toggle(): void;
  close(): void;
  /** @param rendition the one that comes; null: there is only one */
  show(statistics: Statistics, rendition: string | null): Promise<void>;
}

/** Wires the panel to its buttons; it is closed at first. */
export function setUpStatisticsPanel(): StatisticsPanel {
  const panel = element('statistics', HTMLElement);
  const list = element('statistics-list', HTMLDListElement);
  const button = element('statistics-toggle', HTMLButtonElement);
  const closeButton = element('statistics-close', HTMLButtonElement);

  function setOpen(open: boolean): void {
    panel.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
  }

  function close(): void {
    const hadFocus = panel.contains(document.activeElement);
    setOpen(false);
    if (hadFocus) button.focus();
  }

  const toggle = () => (panel.hidden ? setOpen(true) : close());
  button.onclick = toggle;
  closeButton.onclick = close;
  return {
    toggle,
    close,
    async show(statistics, rendition) {
      if (panel.hidden) return;
      // While it cannot be had, what was shown last stays.
      const later = await fetchLater().catch(() => null);
      if (later === null) return;
      const rows = later
        .statisticsRows(statistics, rendition)
        .flatMap(([label, value]) => [textElement('dt', label), textElement('dd', value)]);
      list.replaceChildren(...rows);
    },
  };
}

function textElement(name: 'dt' | 'dd', text: string): HTMLElement {
  const created = document.createElement(name);
  created.textContent = text;
  return created;
}
