import type { Control } from '../../contract/control.ts';
import { candidateWords, isPutAbove } from '../../contract/entry-name.ts';
import { errorTable, MiroliveError } from '../../contract/errors.ts';
import { clock } from '../../contract/media-time.ts';
import type { Source } from '../../contract/models.ts';
import type { CompatibleCodec } from '../../contract/plan.ts';
import { editPlaylist, type PlaylistCommand } from '../../contract/playlist/edit-playlist.ts';
import type { FolderEdit } from '../../contract/playlist/folder-items.ts';
import { Playlist } from '../../contract/playlist/playlist.ts';
import {
  type Seen,
  type SeenCandidate,
  snapshotVersion,
  type Wanted,
  type WantedCandidate,
} from '../../contract/snapshot.ts';
import { sourceWords } from '../../contract/source-words.ts';
import type { StartPlace } from '../../contract/start-place.ts';
import { isPersons } from './runs-in-chain.ts';
import { candidateIn, isMissing, pendingPlace, standing, standingList } from './standing.ts';

/** What commands write; the last one that writes a field wins. */
export const fields = ['take', 'slate', 'pause', 'place', 'list', 'volume', 'mute'] as const;
type Field = (typeof fields)[number];

/** What is wanted of a programme, and which command wrote what of it last. */
export interface Wishes {
  readonly wanted: Wanted;
  /** Commands so far. */
  readonly asked: number;
  /** By field, the number of the command that wrote it last. */
  readonly written: Readonly<Partial<Record<Field, number>>>;
  /** The candidate that a machine took last; null: only persons did. */
  readonly machine: string | null;
}

/** A command with what cannot be known from it alone. */
export type Wish =
  | Exclude<Control, { type: 'take' }>
  | (Extract<Control, { type: 'take' }> & {
      /** The new candidate's id. */
      readonly id: string;
      /** The order of a shuffled playlist follows from it. */
      readonly seed: number;
    });

/** A candidate that nobody has changed yet. @param place where it begins; null: at its beginning */
export function newCandidate(
  name: string,
  source: Source,
  id: string,
  seed: number,
  place: StartPlace | null = null,
): WantedCandidate {
  const wanted = source.kind === 'playlist' ? Playlist.begin(source, seed) : source;
  return { id, name, source: wanted, place: place && { serial: 1, ...place }, paused: false };
}

/** What is wanted of a programme that begins with this chain. */
export function newWishes(chain: readonly WantedCandidate[]): Wishes {
  const wanted: Wanted = {
    version: snapshotVersion,
    revision: 0,
    chain: [...chain],
    released: 0,
    slate: false,
    volumePercent: 100,
    muted: false,
  };
  return { wanted, asked: 0, written: {}, machine: null };
}

/** What of it is of the room, and holds for what comes next on air there too. */
const roomFields = [
  ['slate', 'slate'],
  ['volume', 'volumePercent'],
  ['mute', 'muted'],
] as const;

/**
 * What is wanted of a programme that comes in the place of another one: slate, volume and silence of that are kept where somebody wanted
 * them since. Pure.
 *
 * @param since the number of a command; 0: whenever it was, Infinity: none of it is kept
 */
export function heldOver(before: Wishes, { wanted, ...wishes }: Wishes, since: number): Wishes {
  const kept = roomFields.filter(([field]) => (before.written[field] ?? 0) > since);
  return {
    ...wishes,
    asked: before.asked,
    written: Object.fromEntries(kept.map(([field]) => [field, before.written[field]])),
    wanted: { ...wanted, ...Object.fromEntries(kept.map(([, key]) => [key, before.wanted[key]])) },
  };
}

/** A command has come: the number that it goes by when, maybe later, it can be carried out. */
export function ask(wishes: Wishes): { readonly wishes: Wishes; readonly number: number } {
  const number = wishes.asked + 1;
  return { wishes: { ...wishes, asked: number }, number };
}

/**
 * Carries a command out. Pure.
 *
 * @param number what `ask` gave when it came: what was written since is kept
 * @param seen what is known of the programme; null: nothing yet
 * @param wallMs the moment, in ms since 1970, as in `seen`
 * @throws MiroliveError SUPERSEDED, NOT_SEEKABLE, NO_PLAYLIST, PLAYLIST_ITEM_NOT_FOUND, INVALID_REQUEST
 */
export function commit(
  wishes: Wishes,
  wish: Wish,
  number: number,
  seen: Seen | null,
  wallMs: number,
): Wishes {
  const { wanted } = wishes;
  switch (wish.type) {
    case 'take':
      return take(wishes, wish, number, seen);
    case 'release':
      return release(wishes, number);
    case 'slate':
      return written(wishes, number, ['slate'], { slate: wish.on });
    case 'pause':
      return held(wishes, number, seekable(wanted, seen, 'pause', wallMs).id, true);
    case 'resume': {
      const chain = wanted.chain.map((one) => changed(one, { paused: false }));
      return written(wishes, number, ['pause'], { chain });
    }
    case 'seek':
      return seek(wishes, number, wish.positionMs, seen, wallMs);
    case 'seekBy':
      return seekBy(wishes, number, wish.offsetMs, seen, wallMs);
    case 'volume':
      return written(wishes, number, ['volume'], { volumePercent: wish.percent });
    case 'mute':
      return written(wishes, number, ['mute'], { muted: wish.on });
    default:
      return edit(wishes, wish, number, seen, wallMs);
  }
}

/**
 * What the director has seen makes some of what is wanted outdated: a take or a run that is over, takes below one that is on air, an item
 * that was taken out and is left now, the order of a round that is past. Gives the same wishes where nothing is.
 */
export function follow(wishes: Wishes, seen: Seen): Wishes {
  const { chain } = wishes.wanted;
  const onAir = chain.findIndex(({ id }) => id === seen.onAir);
  // A run takes nothing from anybody.
  const isTaken = chain[onAir]?.name === 'take';
  const stays = (one: WantedCandidate, place: number) =>
    !isPutAbove(one.name) ||
    (!isOver(candidateIn(seen, one.id)) && !(isTaken && place > onAir && isPersons(one, wishes)));
  const kept = chain.filter(stays).map((one) => inStep(one, candidateIn(seen, one.id)));
  const same = kept.length === chain.length && kept.every((one, place) => one === chain[place]);
  return same ? wishes : { ...wishes, wanted: revised(wishes.wanted, { chain: kept }) };
}

/**
 * Files of a folder in a candidate's playlist have come, gone, or are others. No command: it outdates none. Pure.
 *
 * @param random gives numbers from 0 to below 1
 */
export function inFolder(
  wishes: Wishes,
  id: string,
  folder: FolderEdit,
  seen: Seen | null,
  random: () => number,
): Wishes {
  const chain = wishes.wanted.chain.map((one) => {
    if (one.id !== id || one.source.kind !== 'playlist') return one;
    const list = standingList(one, one.source, candidateIn(seen, id));
    list.follow(folder, random);
    return { ...one, source: list.asWanted(one.source) };
  });
  return { ...wishes, wanted: revised(wishes.wanted, { chain }) };
}

/** What is on air; while the slate is, what comes when that goes, as far as is known. */
export function belowSlate({ chain }: Wanted, seen: Seen | null): WantedCandidate | undefined {
  const onAir = chain.find(({ id }) => id === seen?.onAir);
  return onAir ?? chain.find(({ id }) => !isMissing(candidateIn(seen, id)?.is)) ?? chain[0];
}

/** The candidate whose playlist operators see and change: the one on air, else the first one that has any. */
export function listedCandidate(wanted: Wanted, seen: Seen | null): WantedCandidate | undefined {
  const lists = wanted.chain.filter(({ source }) => source.kind === 'playlist');
  return lists.find(({ id }) => id === seen?.onAir) ?? lists[0];
}

/** What viewers need makes the programme make it; no command does. The same wishes where nothing is new. */
export function needing(wishes: Wishes, codecs: readonly CompatibleCodec[]): Wishes {
  const { compatible = [] } = wishes.wanted;
  if (codecs.join() === compatible.join()) return wishes;
  return { ...wishes, wanted: revised(wishes.wanted, { compatible: [...codecs] }) };
}

/** Back to the programme from what persons have put above it; what schedules and machines have there is no person's. */
function release(wishes: Wishes, number: number): Wishes {
  const { chain, released } = wishes.wanted;
  const kept = chain.filter((one) => !isPersons(one, wishes));
  return written(wishes, number, ['take', 'slate', 'pause'], {
    ...{ slate: false, released: released + 1 },
    chain: kept.map((one) => changed(one, { paused: false })),
  });
}

function take(
  wishes: Wishes,
  wish: Extract<Wish, { type: 'take' }>,
  number: number,
  seen: Seen | null,
): Wishes {
  const { wanted, written: last } = wishes;
  if ((last.take ?? 0) > number)
    throw new MiroliveError(
      'SUPERSEDED',
      `${sourceWords(wish.source)} was to be taken, and something else was wanted since`,
    );
  // What was taken before stays on air until this is there; what a machine took is there again behind it.
  const kept = wanted.chain.filter(
    ({ name, id }) => name !== 'take' || id === seen?.onAir || id === wishes.machine,
  );
  const chain = [newCandidate('take', wish.source, wish.id, wish.seed, wish.place), ...kept];
  const uncovers = (last.slate ?? 0) < number;
  return written(wishes, number, uncovers ? ['take', 'slate'] : ['take'], {
    chain,
    slate: uncovers ? false : wanted.slate,
  });
}

function held(wishes: Wishes, number: number, id: string, paused: boolean): Wishes {
  const chain = wishes.wanted.chain.map((one) => (one.id === id ? changed(one, { paused }) : one));
  return written(wishes, number, ['pause'], { chain });
}

/** What is left of an item behind a step beyond its end, in ms. */
const lastMomentMs = 500;

function seek(wishes: Wishes, number: number, positionMs: number, seen: Seen | null, wallMs: number): Wishes {
  const candidate = seekable(wishes.wanted, seen, 'seek', wallMs);
  const { item, endMs } = standing(candidate, seen, wallMs);
  if (endMs !== null && positionMs >= endMs) {
    const words = item === null ? wordsOf(candidate) : 'this item';
    throw new MiroliveError(
      'NOT_SEEKABLE',
      `expected a place before ${clock(endMs)}, where ${words} ends, got ${clock(positionMs)}`,
      {
        hint:
          item === null
            ? 'Name a place before its end'
            : 'Go to the next item: mirolive playlist next --room ROOM',
      },
    );
  }
  return placed(wishes, number, candidate, { item, positionMs });
}

/** Steps add up from the place that was asked for last; one beyond the end goes to the last moment. */
function seekBy(wishes: Wishes, number: number, offsetMs: number, seen: Seen | null, wallMs: number): Wishes {
  const candidate = seekable(wishes.wanted, seen, 'seek', wallMs);
  const { item, positionMs: fromMs, endMs } = standing(candidate, seen, wallMs);
  const lastMs = (endMs ?? Number.POSITIVE_INFINITY) - lastMomentMs;
  const positionMs = Math.round(Math.max(0, Math.min(fromMs + offsetMs, lastMs)));
  return placed(wishes, number, candidate, { item, positionMs });
}

function edit(
  wishes: Wishes,
  command: PlaylistCommand,
  number: number,
  seen: Seen | null,
  wallMs: number,
): Wishes {
  const candidate =
    command.type === 'replace'
      ? wishes.wanted.chain.find(({ name }) => name === 'main')
      : listedCandidate(wishes.wanted, seen);
  if (candidate?.source.kind !== 'playlist')
    throw new MiroliveError('NO_PLAYLIST', 'expected a playlist, nothing in the room is one');
  const list = standingList(candidate, candidate.source, candidateIn(seen, candidate.id));
  const what = editPlaylist(list, command, wallMs);
  const source = list.asWanted(candidate.source);
  if (what === 'edited') return replaced(wishes, number, ['list'], changed(candidate, { source }));
  const item = list.current?.id;
  if (item === undefined)
    throw new MiroliveError('INVALID_REQUEST', 'expected an item that can be played, there is none');
  return placed(wishes, number, changed(candidate, { source }), { item, positionMs: null });
}

/** What may be on air but for the slate, where it can be begun anywhere. */
function seekable(wanted: Wanted, seen: Seen | null, what: string, wallMs: number): WantedCandidate {
  const candidate = belowSlate(wanted, seen);
  if (candidate && (candidate.paused || (standing(candidate, seen, wallMs).seekable ?? true)))
    return candidate;
  const covered = wanted.slate || (seen?.live && seen.onAir === null);
  const where = covered && candidate ? 'below the slate' : 'on air';
  const words = candidate ? wordsOf(candidate) : 'the slate';
  throw new MiroliveError('NOT_SEEKABLE', `expected a file to ${what}, ${where} is ${words}`, {
    hint: wayToSeek(wanted.slate, candidate),
  });
}

/** None that shows viewers what the slate covers without saying so. */
function wayToSeek(slate: boolean, candidate: WantedCandidate | undefined): string {
  if (!candidate) return 'See what is waited for: mirolive programme --room ROOM';
  if (slate) return 'See what can be played below it: mirolive programme --room ROOM';
  if (candidate.run) return `End it first: mirolive schedule stop ${candidate.run.schedule}`;
  if (isPutAbove(candidate.name))
    return 'Go back to the programme first: mirolive take programme --room ROOM';
  return errorTable.NOT_SEEKABLE.hint.replace('{room}', 'ROOM');
}

function placed(
  wishes: Wishes,
  number: number,
  candidate: WantedCandidate,
  { item, positionMs }: { readonly item: string | null; readonly positionMs: number | null },
): Wishes {
  const place = { serial: (candidate.place?.serial ?? 0) + 1, item, positionMs };
  return replaced(wishes, number, ['place'], { ...candidate, place });
}

function replaced(
  wishes: Wishes,
  number: number,
  fields: readonly Field[],
  candidate: WantedCandidate,
): Wishes {
  const chain = wishes.wanted.chain.map((one) => (one.id === candidate.id ? candidate : one));
  return written(wishes, number, fields, { chain });
}

function written(
  wishes: Wishes,
  number: number,
  fields: readonly Field[],
  changes: Partial<Pick<Wanted, 'chain' | 'released' | 'slate' | 'volumePercent' | 'muted'>>,
): Wishes {
  const marks = Object.fromEntries(fields.map((field) => [field, number]));
  return { ...wishes, written: { ...wishes.written, ...marks }, wanted: revised(wishes.wanted, changes) };
}

function revised(wanted: Wanted, changes: Partial<Wanted>): Wanted {
  return { ...wanted, ...changes, revision: wanted.revision + 1 };
}

/** The same object where nothing changes: only what has changed has to be sent. */
function changed(candidate: WantedCandidate, changes: Partial<WantedCandidate>): WantedCandidate {
  const keys = Object.keys(changes) as (keyof WantedCandidate)[];
  return keys.every((key) => candidate[key] === changes[key]) ? candidate : { ...candidate, ...changes };
}

/** The candidate with the order of the round that the director is in, and without what it has left. */
function inStep(candidate: WantedCandidate, known: SeenCandidate | undefined): WantedCandidate {
  const { source } = candidate;
  if (!known || source.kind !== 'playlist') return candidate;
  const left = source.leaving !== null && known.item !== source.leaving && !pendingPlace(candidate, known);
  if (known.round <= source.round && !left) return candidate;
  return { ...candidate, source: Playlist.at(source, known).asWanted(source) };
}

function isOver(known: SeenCandidate | undefined): boolean {
  return known?.is.state === 'blocked' && known.is.againMs === null;
}

function wordsOf(candidate: WantedCandidate): string {
  return candidate.source.kind === 'playlist' ? 'a playlist' : candidateWords(candidate);
}
