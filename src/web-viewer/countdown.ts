import type { Upcoming } from '../contract/signalling.ts';
import { element } from './element.ts';

const dayMs = 86_400_000;

/**
 * When it starts, by the viewer's own clock: `Starts at 09:00`. With its day where that is another one than today, so that it
 * stays true while the page waits.
 *
 * @param zone the browser's where it is left out, and so is the language
 */
export function startWords({ atMs, nowMs }: Upcoming, zone?: string, language?: string): string {
  const at = new Date(atMs);
  const place = zone === undefined ? {} : { timeZone: zone };
  const time = at.toLocaleTimeString(language, { ...place, hour: '2-digit', minute: '2-digit' });
  const dayOf = (moment: Date) =>
    moment.toLocaleDateString('en-GB', { ...place, weekday: 'long', day: 'numeric', month: 'long' });
  const day = dayOf(at);
  // Of the same name again a year later.
  if (day === dayOf(new Date(nowMs)) && atMs - nowMs < dayMs) return `Starts at ${time}`;
  return `Starts on ${day} at ${time}`;
}

/** In how long: `in 4:05`, `in 2 days 3 h`. */
export function leftWords(leftMs: number): string {
  if (leftMs <= 0) return 'any moment now';
  // What is left of a second counts as one: it starts when 0:01 is over.
  const seconds = Math.ceil(leftMs / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const two = (number: number) => String(number).padStart(2, '0');
  if (days === 0) return `in ${hours === 0 ? minutes : `${hours}:${two(minutes)}`}:${two(seconds % 60)}`;
  return `in ${days} day${days === 1 ? '' : 's'}${hours === 0 ? '' : ` ${hours} h`}`;
}

/** Counts down on the card, without a word to screen readers unless they ask. Returns the function that is told what comes; null: nothing. */
export function setUpCountdown(): (next: Upcoming | null) => void {
  const line = element('countdown', HTMLElement);
  let shown: Upcoming | null = null;
  /** How far the daemon's clock is ahead of this one, which goes on while the machine sleeps. */
  let aheadMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function draw(next: Upcoming): void {
    const leftMs = next.atMs - Date.now() - aheadMs;
    const words = leftWords(leftMs);
    if (line.textContent !== words) line.textContent = words;
    // At the full seconds of what is left.
    timer = setTimeout(draw, leftMs > 0 ? leftMs % 1000 || 1000 : 1000, next);
  }

  return (next) => {
    if (next === shown) return;
    clearTimeout(timer);
    shown = next;
    line.hidden = next === null;
    if (next === null) return;
    aheadMs = next.nowMs - Date.now();
    draw(next);
  };
}
