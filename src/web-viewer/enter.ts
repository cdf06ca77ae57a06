import { askForPass } from './ask-for-pass.ts';
import { backOffMs } from './back-off.ts';
import { browserId } from './browser-id.ts';
import { doorRecord, keepDoorRecord } from './door-record.ts';
import { element } from './element.ts';
import { keep, kept } from './kept.ts';
import { keepHere, keptHere } from './kept-here.ts';
import { passKey } from './pass.ts';

// `/enter/ROOM#SECRET` is a watch link: what stands behind the `#` is sent to nobody, and a click exchanges it for a pass. Without it, it is where a room for guests leads who has no pass, or none that is good.

/** How often it is tried by itself while many come. */
const maxTries = 8;

const room = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const key = passKey(room);
const begins = (link: string) => link.slice(0, 10);
const said = location.hash.slice(1);
const isRefused = said.startsWith('mlg_');
if (isRefused) {
  if (said === kept(key)) keepDoorRecord(key, { refused: said });
  history.replaceState(null, '', location.pathname);
}
// What was opened while an older pass was kept, which was refused since.
const secret = (!isRefused && said) || keptHere(key);
const goIn = () => location.replace(`/${encodeURIComponent(room)}`);
/** Whoever is in already spends nothing. Should his pass be good no more, he has another link. */
const isIn = () => {
  const { link, refused } = doorRecord(key);
  if (kept(key) === '' || kept(key) === refused) return false;
  if (secret !== '' && begins(secret) !== link) keepHere(key, secret);
  goIn();
  return true;
};
isIn();

// Another link, pasted where this page is.
window.addEventListener('hashchange', () => location.reload());
document.addEventListener('DOMContentLoaded', () => {
  element('room', HTMLElement).textContent = room;
  const headline = element('headline', HTMLElement);
  const watch = element('watch', HTMLButtonElement);
  const detail = element('detail', HTMLElement);
  if (secret === '') {
    headline.textContent = 'This room is for guests';
    detail.textContent = 'Open the whole link that you were sent, or ask the organiser for one.';
    watch.textContent = 'Try again';
  }
  watch.onclick = () => {
    if (secret === '') return goIn();
    watch.disabled = true;
    // By another tab, meanwhile.
    if (isIn()) return;
    // What is not kept is found out before the link is used.
    if (keepDoorRecord(key, { link: begins(secret) })) return void comeIn();
    headline.textContent = 'This browser keeps nothing of this site';
    again('So it cannot come in. Allow it to, or open the link in another browser: nothing is used up.');
  };

  async function comeIn(tries = 1): Promise<void> {
    const asked = await askForPass(secret, browserId());
    if (asked.type === 'pass') {
      keep(key, asked.pass);
      keepHere(key, '');
      return goIn();
    }
    if (asked.type === 'refused') return refuse(asked.why);
    if (asked.type === 'crowd' && tries < maxTries) {
      headline.textContent = 'Many come in at this moment';
      detail.textContent = 'You are let in by yourself: a little patience.';
      setTimeout(() => comeIn(tries + 1), backOffMs(tries, Math.random(), 0));
      return;
    }
    headline.textContent = 'It did not work just now';
    again('Your link is as good as before.');
  }

  function again(why: string): void {
    watch.disabled = false;
    watch.textContent = 'Try again';
    detail.textContent = why;
  }

  function refuse(why: string): void {
    keepHere(key, '');
    watch.hidden = true;
    headline.textContent = 'You cannot come in by this link';
    detail.textContent = `${why.charAt(0).toUpperCase()}${why.slice(1).replace(/\.$/, '')}. Ask the organiser for another one.`;
  }
});
