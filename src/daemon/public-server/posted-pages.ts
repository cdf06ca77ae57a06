import { type PageFile, pageFile } from './page-files.ts';

/** Rooms whose page is kept; beyond it the one that was kept first is made anew. */
const mostKept = 100;

/** The page with the still of a room in it, which browsers ask for before they run anything. */
export class PostedPages {
  readonly #plain: PageFile;
  readonly #kept = new Map<string, { readonly key: string; readonly page: Promise<PageFile> }>();

  constructor(plain: PageFile) {
    this.#plain = plain;
  }

  /** @param key names the still */
  of(room: string, key: string): Promise<PageFile> {
    const kept = this.#kept.get(room);
    if (kept?.key === key) return kept.page;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && !kept && this.#kept.size >= mostKept) this.#kept.delete(oldest);
    const page = pageFile(this.#plain.type, Buffer.from(posted(String(this.#plain.body), room, key)));
    this.#kept.set(room, { key, page });
    return page;
  }
}

function posted(html: string, room: string, key: string): string {
  const image = `<img id="poster" src="/poster/${room}?of=${key}" fetchpriority="high" alt="">`;
  return html
    .replace('data-cover="card"', `data-cover="poster" data-poster="${key}"`)
    .replace('<main id="stage" class="stage">', (stage) => `${stage}${image}`);
}
