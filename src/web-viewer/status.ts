import { element } from './element.ts';
import type { Session } from './session.ts';
import type { View } from './view.ts';

/** Returns the function that shows a session: badge, title, viewers, card, and what a screen reader is told. */
export function setUpStatus(room: string): (session: Session, view: View) => void {
  const root = document.documentElement;
  const set = (id: string) => {
    const target = element(id, HTMLElement);
    // A live region that is set to the same words again would be read out again.
    return (text: string) => {
      if (target.textContent !== text) target.textContent = text;
    };
  };
  const setBadge = set('badge-text');
  const setTitle = set('title');
  const setViewers = set('viewers-count');
  const setViewersLabel = set('viewers-label');
  const setHeadline = set('headline');
  const setDetail = set('detail');
  const setPill = set('still-text');
  const setAnnouncement = set('announcement');
  const setRoom = set('room');

  return (session, view) => {
    const title = session.title ?? room;
    root.dataset.state = session.phase;
    root.dataset.cover = view.cover;
    document.title = session.phase === 'playing' ? `● ${title}` : `${view.badge} – ${title}`;
    setBadge(view.badge);
    setTitle(title);
    // What is on air stands on the card itself.
    setRoom(session.live ? room : title);
    setViewers(inFigures(session.viewers));
    setViewersLabel(session.viewers === 1 ? 'viewer' : 'viewers');
    setHeadline(view.headline);
    setDetail(view.detail);
    setPill(view.headline);
    setAnnouncement([view.headline, view.detail].filter(Boolean).join('. '));
  };
}

/** A browser takes longer to learn the language of its first figure than the page to show itself. */
function inFigures(count: number): string {
  return count < 1000 ? String(count) : count.toLocaleString();
}
