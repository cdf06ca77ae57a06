import { element } from './element.ts';
import { qualityLabels } from './quality-labels.ts';
import { playingRendition, type Session } from './session.ts';

/**
 * Wires the menu of qualities; it is there only where there is a choice.
 * @param onChoose told the name of a rendition; null: the daemon chooses
 * @returns shows what there is to choose from, and what plays
 */
export function setUpQualityMenu(onChoose: (name: string | null) => void): (session: Session) => void {
  const menu = element('quality', HTMLSelectElement);
  menu.onchange = () => {
    onChoose(menu.value || null);
    // While it has the focus the controls stay; who uses keys goes on by keys.
    if (!menu.matches(':focus-visible')) menu.blur();
  };
  return (session) => {
    const renditions = session.live?.renditions ?? [];
    menu.hidden = renditions.length < 2;
    const chosen = renditions.find((name) => name === session.chosen);
    const labels = qualityLabels(renditions, chosen === undefined ? playingRendition(session) : null);
    for (const [index, { value, label }] of labels.entries()) {
      const option = menu.options[index] ?? menu.appendChild(document.createElement('option'));
      option.value = value;
      // An open menu would flicker if it were written anew.
      if (option.text !== label) option.text = label;
    }
    while (menu.options.length > labels.length) menu.lastElementChild?.remove();
    menu.value = chosen ?? '';
  };
}
