import { element } from './element.ts';
import { keep, kept } from './kept.ts';
import { passKey } from './pass.ts';

// `/enter/ROOM#SECRET` is a watch link: what stands behind the `#` is sent to nobody, and a click exchanges it for a pass. Without it, it is where a room for guests leads who has no pass.

const room = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const secret = location.hash.slice(1);
const goIn = () => location.replace(`/${encodeURIComponent(room)}`);
// Whoever is in already spends nothing.
if (kept(passKey(room)) !== '') goIn();

// Another link, pasted where this page is.
window.addEventListener('hashchange', () => location.reload());
document.addEventListener('DOMContentLoaded', () => {
  element('room', HTMLElement).textContent = room;
  const watch = element('watch', HTMLButtonElement);
  const detail = element('detail', HTMLElement);
  if (secret === '') {
    element('headline', HTMLElement).textContent = 'This room is for guests';
    detail.textContent = 'Open the whole link that you were sent, or ask the organiser for one.';
    watch.textContent = 'Try again';
  }
  watch.onclick = async () => {
    if (secret === '') return goIn();
    watch.disabled = true;
    try {
      keep(passKey(room), await pass());
      if (kept(passKey(room)) === '')
        refuse('This browser keeps nothing of this site, so it cannot come in. Allow it to, or use another.');
      else goIn();
    } catch (error) {
      refuse((error as Error).message);
    }
  };

  function refuse(why: string): void {
    watch.hidden = true;
    element('headline', HTMLElement).textContent = 'You cannot come in by this link';
    detail.textContent = `${why.charAt(0).toUpperCase()}${why.slice(1).replace(/\.$/, '')}. Ask the organiser for another one.`;
  }
});

/** One use of the link. @throws Error whose message is for whoever came by it */
async function pass(): Promise<string> {
  const answer = await fetch(location.pathname, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, referrerPolicy: 'no-referrer' },
    body: JSON.stringify({ link: secret }),
  });
  const said = (await answer.json()) as { pass?: string; error?: { message: string } };
  if (said.pass === undefined) throw new Error(said.error?.message ?? 'this did not work');
  return said.pass;
}
