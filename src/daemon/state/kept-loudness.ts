import type { Logger } from 'pino';
import { fileFinding } from '../../ingest/pool/known-files.ts';
import { maxMeasured } from '../../ingest/sources/loudness-book.ts';
import type { FileFinding } from '../../ingest/sources/sources.ts';
import type { StateStore } from './state-store.ts';

type MeasuredFile = Extract<FileFinding, { what: 'loudness' }>;

/** Keeps how loud files are over a restart of the daemon: what is measured once is not measured again while it is the same. */
export class KeptLoudness {
  readonly #store: Pick<StateStore, 'read' | 'note'>;
  readonly #log: Pick<Logger, 'debug'>;

  constructor(store: Pick<StateStore, 'read' | 'note'>, log: Pick<Logger, 'debug'>) {
    this.#store = store;
    this.#log = log;
  }

  /** What is kept, the oldest first. A state that cannot be used keeps nothing. */
  all(): MeasuredFile[] {
    const rows = this.#try(() =>
      this.#store.read((database) =>
        database.prepare('SELECT path, identity, tracks FROM loudness ORDER BY id').all(),
      ),
    );
    return (rows ?? []).flatMap(({ path, identity, tracks }) => {
      const { data } = fileFinding.safeParse({ what: 'loudness', path, identity, value: readJson(tracks) });
      return data?.what === 'loudness' ? [data] : [];
    });
  }

  /** Keeps it, and as many others as there is room for, the newest. */
  keep({ path, identity, value }: MeasuredFile): void {
    this.#try(() =>
      this.#store.note((database) => {
        database
          .prepare('INSERT OR REPLACE INTO loudness (path, identity, tracks) VALUES (?, ?, ?)')
          .run(path, identity, JSON.stringify(value));
        database
          .prepare(
            'DELETE FROM loudness WHERE id <= (SELECT id FROM loudness ORDER BY id DESC LIMIT 1 OFFSET ?)',
          )
          .run(maxMeasured);
      }),
    );
  }

  /** What is lost is measured again; why the state cannot be used is told by who needs it. */
  #try<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.#log.debug({ error }, 'how loud files are is not kept');
      return undefined;
    }
  }
}

function readJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
