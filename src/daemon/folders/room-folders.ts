import type { Clock } from '../../contract/clock.ts';
import { maxFolderFiles, type PlaylistItem } from '../../contract/models.ts';
import { type FolderEdit, isFolder } from '../../contract/playlist/folder-items.ts';
import type { WantedCandidate } from '../../contract/snapshot.ts';
import type { FolderNews } from './folder-list.ts';
import type { FolderEyes } from './folder-look.ts';
import { FolderWatch } from './folder-watch.ts';
import { fileId, fileItem, filesIn } from './listed-folder.ts';

/** What is told of a folder. */
export type FolderEvent = {
  /** The id of its item, and its path. */
  readonly item: string;
  readonly path: string;
} & (
  | {
      readonly type: 'folder.changed';
      readonly added: number;
      readonly removed: number;
      readonly replaced: number;
      /** One that was added, replaced or removed. */
      readonly name: string;
      readonly files: number;
      readonly leftOut: number;
    }
  | { readonly type: 'folder.empty' }
  | { readonly type: 'folder.away'; readonly reason: string }
  | { readonly type: 'folder.back' }
);

export interface RoomFoldersOptions {
  readonly eyes: FolderEyes;
  readonly clock: Clock;
  /** A candidate's list is to be another one. */
  readonly edit: (candidate: string, edit: FolderEdit) => void;
  readonly tell: (event: FolderEvent) => void;
}

/** Follows the folders in the playlists of what is wanted in a room. */
export class RoomFolders {
  readonly #options: RoomFoldersOptions;
  readonly #watches = new Map<string, FolderWatch>();
  #chain: readonly WantedCandidate[] = [];
  /** Folders by lists of items that were seen: a list may have thousands. */
  #known = new Map<readonly PlaylistItem[], readonly PlaylistItem[]>();

  constructor(options: RoomFoldersOptions) {
    this.#options = options;
  }

  /** This is wanted from now on. */
  follow(chain: readonly WantedCandidate[]): void {
    if (chain === this.#chain) return;
    this.#chain = chain;
    const known = new Map<readonly PlaylistItem[], readonly PlaylistItem[]>();
    const needed = new Set<string>();
    for (const { id, source } of chain) {
      if (source.kind !== 'playlist') continue;
      const folders = this.#known.get(source.items) ?? source.items.filter(isFolder);
      known.set(source.items, folders);
      for (const folder of folders) {
        const key = `${id} ${folder.id}`;
        needed.add(key);
        if (!this.#watches.has(key)) this.#watches.set(key, this.#watch(id, folder, source.items));
      }
    }
    this.#known = known;
    for (const [key, watch] of this.#watches)
      if (!needed.has(key)) {
        this.#watches.delete(key);
        void watch.close();
      }
  }

  close(): void {
    this.follow([]);
  }

  #watch(candidate: string, { id: item, source }: PlaylistItem, items: readonly PlaylistItem[]): FolderWatch {
    const { eyes, clock, edit, tell } = this.#options;
    const path = source.kind === 'folder' ? source.path : '';
    const tellOf = (what: Pick<FolderEvent, 'type'>) => tell({ ...what, item, path } as FolderEvent);
    return new FolderWatch({
      ...{ path, eyes, clock, taken: filesIn(items, item), most: maxFolderFiles },
      onNews: (news, files, leftOut) => {
        edit(candidate, editOf(item, path, news));
        const { added, removed, replaced } = news;
        const [name = ''] = [...added.keys(), ...replaced.keys(), ...removed];
        const counts = { added: added.size, removed: removed.length, replaced: replaced.size };
        tell({ type: 'folder.changed', item, path, ...counts, name, files, leftOut });
      },
      onEmpty: () => tellOf({ type: 'folder.empty' }),
      onAway: (reason) =>
        reason === null ? tellOf({ type: 'folder.back' }) : tell({ type: 'folder.away', item, path, reason }),
    });
  }
}

function editOf(folder: string, path: string, { added, removed, replaced }: FolderNews): FolderEdit {
  const itemOf = ([name, stamp]: readonly [string, string]) => fileItem(folder, path, name, stamp);
  return {
    folder,
    added: [...added].map(itemOf),
    removed: removed.map((name) => fileId(folder, name)),
    replaced: [...replaced].map(itemOf),
  };
}
