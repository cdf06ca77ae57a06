import type { DaemonMessage, PageMessage, Self } from '../contract/signalling.ts';
import { element } from './element.ts';
import { keep, kept } from './kept.ts';

const nameKey = 'mirolive-name';
const longestName = 40;

type Ask = Extract<PageMessage, { type: 'ask' }>;
type Answer = Extract<DaemonMessage, { type: 'answer' }>;

/** The hand that a viewer raises. */
export interface Hand {
  /** Shows what he is in the room. */
  show(self: Self): void;
  /** What came of what was asked for. */
  hear(answer: Answer): void;
  toggle(): void;
}

/**
 * Puts the button into the page, and the question what somebody calls himself.
 *
 * @param send says it to the daemon, where that can be reached
 */
export function setUpHand(send: (message: Ask) => void): Hand {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon hand';
  button.innerHTML =
    '<svg aria-hidden="true" viewBox="0 0 24 24"><path class="line" d="M7 12V6.4a1.4 1.4 0 0 1 2.8 0V11 4.4a1.4 1.4 0 0 1 2.8 0V11 5.4a1.4 1.4 0 0 1 2.8 0V12 8.4a1.4 1.4 0 0 1 2.8 0V15a6.2 6.2 0 0 1-6.2 6.2c-2.4 0-3.800-1-5-3l-2.6-4.5a1.4 1.4 0 0 1 2.4-1.5L7 14z"/></svg>';
  element('quality', HTMLSelectElement).before(button);
  const dialog = document.createElement('dialog');
  dialog.className = 'ask';
  dialog.setAttribute('aria-labelledby', 'hand-words');
  dialog.innerHTML = `<form><label id="hand-words" for="hand-name">Your name, for who runs the room</label><input id="hand-name" required maxlength="${longestName}" autocomplete="nickname"><p role="alert"></p><button type="submit">Raise your hand</button><button type="button">Cancel</button></form>`;
  document.body.append(dialog);
  // The keys of the page are letters of the name.
  dialog.onkeydown = (event) => event.stopPropagation();
  const [form, input, problem, , cancel] = dialog.querySelectorAll<HTMLElement>('form, input, p, button');
  const announcement = document.createElement('p');
  announcement.className = 'unseen';
  announcement.setAttribute('role', 'status');
  document.body.append(announcement);
  const asked = new Map<number, Ask>();
  let lastId = 0;
  let self: Self | undefined;

  function ask(what: Ask['what']): void {
    lastId++;
    const message: Ask = { type: 'ask', id: lastId, what };
    asked.set(lastId, message);
    send(message);
  }

  function toggle(): void {
    if (self?.hand) ask({ ask: 'lowerHand' });
    else if (self?.hands) {
      (problem as HTMLElement).textContent = '';
      (input as HTMLInputElement).value = kept(nameKey);
      dialog.showModal();
    }
  }

  button.onclick = toggle;
  (cancel as HTMLElement).onclick = () => dialog.close();
  (form as HTMLFormElement).onsubmit = (event) => {
    event.preventDefault();
    const name = (input as HTMLInputElement).value.trim();
    if (name === '') return;
    keep(nameKey, name);
    ask({ ask: 'raiseHand', name });
  };
  return {
    toggle,
    show(next) {
      if (next === self) return;
      // Without an id it is nobody for a moment.
      const lowered = self?.hand && !next.hand && asked.size === 0 && next.id !== '';
      // What was asked for while the line was lost is asked once more, unless it is so already.
      for (const [id, message] of asked) {
        if ((message.what.ask === 'raiseHand') === next.hand) asked.delete(id);
        else send(message);
      }
      self = next;
      button.hidden = !next.hands && !next.hand;
      button.setAttribute('aria-pressed', String(next.hand));
      button.setAttribute('aria-label', 'Raise your hand');
      button.title = next.hand ? 'Lower your hand (h)' : 'Raise your hand (h)';
      if (next.hand || !next.hands) dialog.close();
      announcement.textContent = lowered ? 'Your hand was lowered' : '';
    },
    hear({ id, error }) {
      asked.delete(id);
      (dialog.open ? (problem as HTMLElement) : announcement).textContent = error?.message ?? '';
    },
  };
}
