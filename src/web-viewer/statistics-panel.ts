import { element } from './element.ts';
import type { Statistics } from './statistics.ts';
import { statisticsRows } from './statistics-rows.ts';

/** The panel with the figures of the connection. */
export interface StatisticsPanel {
  toggle(): void;
  close(): void;
  /** @param rendition the one that comes; null: there is only one */
  show(statistics: Statistics, rendition: string | null): void;
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
    show(statistics, rendition) {
      const rows = statisticsRows(statistics, rendition).flatMap(([label, value]) => [
        textElement('dt', label),
        textElement('dd', value),
      ]);
      list.replaceChildren(...rows);
    },
  };
}

function textElement(name: 'dt' | 'dd', text: string): HTMLElement {
  const created = document.createElement(name);
  created.textContent = text;
  return created;
}
