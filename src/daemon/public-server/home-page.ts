import { escaped } from './escaped.ts';
import { type PageFile, pageFile } from './page-files.ts';

/** A room that something is on air in. */
export interface LiveRoom {
  readonly name: string;
  /** What viewers see above the picture; null: nothing, or the room's name. */
  readonly title: string | null;
}

/** More are left out: who runs so many has a page of their own for them. */
const mostListed = 100;

const words = {
  welcome: {
    headline: 'Watch a broadcast',
    detail: 'Open the link that you were sent, or give the name of its room.',
  },
  lost: {
    headline: 'There is no page here',
    detail:
      'Open the link that you were sent once more, or give the name of its room: letters a to z, digits and -.',
  },
};
export type HomeWords = keyof typeof words;

/** What is at `/`, and where nothing is: leads to a room, and lists what is live where viewers may know that. */
export class HomePage {
  readonly #template: PageFile;
  readonly #live: () => readonly LiveRoom[] | null;
  readonly #made = new Map<HomeWords, { readonly html: string; readonly page: Promise<PageFile> }>();

  /** @param live what is listed; null: nothing, nor that there is a list */
  constructor(template: PageFile, live: () => readonly LiveRoom[] | null) {
    this.#template = template;
    this.#live = live;
  }

  /** The page as it is now, made anew only where it differs from the last one. */
  now(which: HomeWords): Promise<PageFile> {
    const { headline, detail } = words[which];
    const texts: Record<string, string> = { headline, detail, rooms: list(this.#live()) };
    const html = String(this.#template.body).replace(/{{(\w+)}}/g, (_, name: string) => texts[name] ?? '');
    const made = this.#made.get(which);
    if (made?.html === html) return made.page;
    const page = pageFile(this.#template.type, Buffer.from(html));
    this.#made.set(which, { html, page });
    return page;
  }
}

/** The room that somebody means who types its name, or pastes its address. */
export function meantRoom(typed: string): string {
  const [address = ''] = typed.trim().split(/[?#]/);
  return (address.split('/').findLast((part) => part !== '') ?? '').trim().toLowerCase();
}

function list(rooms: readonly LiveRoom[] | null): string {
  if (rooms === null) return '';
  if (rooms.length === 0) return '<p class="none">Nothing is on air now.</p>';
  const rows = rooms
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, mostListed)
    .map(({ name, title }) => {
      const room = title === null ? '' : `<span>${name}</span>`;
      return `<li><a href="/${name}"><b dir="auto">${escaped(title ?? name)}</b>${room}</a></li>`;
    });
  return `<h2>On air now</h2><ul>${rows.join('')}</ul>`;
}
