import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import type { ScheduleSpec } from '../../contract/schedule.ts';
import { admitBroadcast } from '../rooms/admission.ts';
import { sourceOf } from './doing.ts';

/** What a look ahead needs of the daemon. */
export interface Surroundings {
  /** Looks into a source, and what it takes to put it on air. @throws MiroliveError whatever is wrong with it */
  readonly check: (source: Source, renditions?: Renditions) => Promise<void>;
  /** @throws MiroliveError where it cannot be played */
  readonly checkFile: (path: string) => Promise<void>;
  readonly publishes: (room: string, key: string) => boolean;
  readonly isOnAir: (room: string) => boolean;
  readonly broadcasts: () => number;
  /** `limits.broadcasts` */
  readonly limit: () => number;
}

/** What is looked at of a source ahead of its hour. */
interface Look {
  readonly publisher: string | null;
  /** That have to be there. */
  readonly files: readonly string[];
  readonly opened: Source | null;
}

/** Of a long list the first ones: the others have time until their turn comes. */
const mostFiles = 200;

/**
 * Whether what a schedule wants would be had if its hour were now.
 *
 * @throws MiroliveError PUBLISHER_NOT_FOUND, LIMIT_REACHED, and whatever else can be wrong with its source
 */
export async function inspect({ room, what }: ScheduleSpec, around: Surroundings): Promise<void> {
  const source = sourceOf(what);
  if (source === null) return;
  if (what.call === 'startBroadcast' && !around.isOnAir(room))
    admitBroadcast(around.limit(), around.broadcasts());
  const { publisher, files, opened } = lookOf(source);
  if (publisher !== null && !around.publishes(room, publisher))
    throw new MiroliveError('PUBLISHER_NOT_FOUND', `nobody publishes into ${room} with the key ${publisher}`);
  for (const path of files) await around.checkFile(path);
  if (opened) await around.check(opened, what.call === 'startBroadcast' ? what.params.renditions : undefined);
}

/**
 * The same of what is found at once: whether its files are there. A folder is one too.
 *
 * @returns null where nothing is wrong with them
 */
export async function missing(
  { what }: Pick<ScheduleSpec, 'what'>,
  { check, checkFile }: Pick<Surroundings, 'check' | 'checkFile'>,
): Promise<{ readonly reason: string; readonly hint: string } | null> {
  const source = sourceOf(what);
  if (source === null) return null;
  const { files, opened } = lookOf(source);
  try {
    if (opened?.kind === 'file') await checkFile(opened.path);
    if (opened?.kind === 'folder') await check(opened);
    for (const path of files) await checkFile(path);
    return null;
  } catch (error) {
    const { message: reason, hint } = asMiroliveError(error);
    return { reason, hint };
  }
}

/** Whether somebody else has a connection more by each look: a camera, a server of streams, an address. */
export function isCostly({ what }: Pick<ScheduleSpec, 'what'>): boolean {
  const source = sourceOf(what);
  return source !== null && lookOf(source).opened?.kind === 'url';
}

/**
 * What of a source may be looked at without taking it from whoever has it now: a camera has room for one, and who sends by SRT or UDP may do
 * so once.
 */
export function lookOf(source: Source): Look {
  const nothing: Look = { publisher: null, files: [], opened: null };
  switch (source.kind) {
    case 'publisher':
      return { ...nothing, publisher: source.key };
    case 'file':
    case 'folder':
      return { ...nothing, opened: source };
    case 'url':
      return /^(?:srt|udp):/i.test(source.url) ? nothing : { ...nothing, opened: source };
    case 'playlist': {
      const [first] = source.items;
      const paths = source.items.flatMap(({ source: one }) => (one.kind === 'file' ? [one.path] : []));
      const { publisher, opened } = first ? lookOf(first.source as Source) : nothing;
      return { publisher, opened, files: [...new Set(paths)].slice(0, mostFiles) };
    }
    default:
      return nothing;
  }
}
