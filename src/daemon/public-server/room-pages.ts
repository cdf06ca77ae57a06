import { type PageFile, pageFile } from './page-files.ts';
import { type RoomHead, withHead } from './room-head.ts';

/** Rooms whose page is kept; beyond it the one that was kept first is made anew. */
const mostKept = 100;

/** What the page of a room has of its own before it runs. */
export interface RoomFace {
  /** Names the still, which browsers ask for before they run anything; null: none. */
  readonly still: string | null;
  /** null: nobody is told anything of the room. */
  readonly head: RoomHead | null;
}

/** The page with the face of a room. */
export class RoomPages {
  readonly #plain: PageFile;
  readonly #kept = new Map<string, { readonly key: string; readonly page: Promise<PageFile> }>();

  constructor(plain: PageFile) {
    this.#plain = plain;
  }

  of(room: string, { still, head }: RoomFace): Promise<PageFile> | PageFile {
    if (still === null && head === null) return this.#plain;
    const key = JSON.stringify([still, head]);
    // Whoever comes too often gets it without a still, beside others who get it with one.
    const place = `${room} ${still !== null}`;
    const kept = this.#kept.get(place);
    if (kept?.key === key) return kept.page;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && !kept && this.#kept.size >= mostKept) this.#kept.delete(oldest);
    const plain = String(this.#plain.body);
    const headed = head === null ? plain : withHead(plain, head);
    const html = still === null ? headed : withStill(headed, room, still);
    const page = pageFile(this.#plain.type, Buffer.from(html));
    this.#kept.set(place, { key, page });
    return page;
  }
}

function withStill(html: string, room: string, still: string): string {
  const image = `<img id="poster" src="/poster/${room}?of=${still}" fetchpriority="high" alt="">`;
  return html
    .replace('data-cover="card"', `data-cover="poster" data-poster="${still}"`)
    .replace('<main id="stage" class="stage">', (stage) => `${stage}${image}`);
}
