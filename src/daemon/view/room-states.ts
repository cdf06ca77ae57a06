import type { Broadcast, DegradedPart, Viewer } from '../../contract/models.ts';
import type { PlaylistState, ProgrammeState } from '../../contract/programme-state.ts';
import type { ListedPublisher } from '../../contract/publishing.ts';
import { announcedSource } from '../../contract/source-words.ts';
import type { ViewedRoom } from '../../contract/view/viewed-room.ts';
import type { Entry } from '../rooms/entry.ts';
import { audienceOf } from './audience-of.ts';
import { healthOf, type RoomFacts } from './health-of.ts';
import { steadyTime } from './steady-time.ts';

/** What is to be known of a room to show it. */
export interface RoomSight {
  readonly name: string;
  readonly entry: Entry;
  readonly watchUrl: string;
  readonly title: string | null;
  readonly broadcast: Broadcast | null;
  readonly programme: ProgrammeState | null;
  /** The layers of the picture, the lowest first. */
  readonly renditions: readonly string[];
  readonly publishers: readonly ListedPublisher[];
  readonly viewers: readonly Viewer[];
  readonly missing: DegradedPart | null;
  /** Why its viewers suffer, be it a single one; null: nobody does. */
  readonly distress: RoomFacts['distress'];
  /** Its ffmpeg is too slow; null: it keeps up. */
  readonly slow: RoomFacts['slow'];
  /** What a schedule begins next in it; null: nothing. */
  readonly scheduled: { readonly words: string; readonly at: string } | null;
}

/**
 * A room as a screen shows it.
 *
 * @param before as it was shown; times that move by less than a blink stay as they were
 * @param whole with its programme and its playlist
 */
export function roomStates(
  sight: RoomSight,
  before: ViewedRoom | undefined,
  whole: boolean,
): Omit<ViewedRoom, 'figures' | 'levels'> {
  const { name, entry, watchUrl, title, broadcast, programme, renditions, publishers, scheduled } = sight;
  const audience = audienceOf(sight.viewers);
  return {
    ...{ name, entry, watchUrl, title, publishers: [...publishers], audience, renditions: [...renditions] },
    health: healthOf({ ...sight, audience }),
    broadcast: broadcast && viewedBroadcast(broadcast),
    onAir: broadcast?.onAir ?? null,
    plan: broadcast?.plan ?? null,
    content: programme?.content ?? null,
    next: nextOf(programme?.playlist ?? null, scheduled, before?.next ?? null),
    item: itemOf(programme?.playlist ?? null),
    programme: whole && programme ? viewedProgramme(programme) : null,
    playlist: whole && programme ? steadyList(programme.playlist, before?.playlist ?? null) : null,
  };
}

function viewedBroadcast({
  id,
  name,
  state,
  kept,
  source,
  advice,
  startedAt,
}: Broadcast): ViewedRoom['broadcast'] {
  return { id, name, state, kept, source: announcedSource(source), advice, startedAt };
}

function viewedProgramme({
  onAir: _,
  content: __,
  playlist: ___,
  ...programme
}: ProgrammeState): ViewedRoom['programme'] {
  const entries = programme.entries.map((entry) =>
    entry.state === 'onAir' ? { ...entry, place: null } : entry,
  );
  return { ...programme, entries };
}

/** A list goes on before a schedule comes, where it does. */
function nextOf(
  list: PlaylistState | null,
  scheduled: RoomSight['scheduled'],
  before: ViewedRoom['next'],
): ViewedRoom['next'] {
  const item = list?.items.find(({ state }) => state === 'next');
  const [first] = [
    ...(item ? [{ from: 'playlist' as const, words: item.words, at: item.startsAt }] : []),
    ...(scheduled ? [{ from: 'schedule' as const, ...scheduled }] : []),
  ].toSorted((one, other) => (one.at ?? '9').localeCompare(other.at ?? '9'));
  if (!first) return null;
  return before?.words === first.words ? { ...first, at: steadyTime(before.at, first.at) } : first;
}

function itemOf(list: PlaylistState | null): ViewedRoom['item'] {
  const item = list?.items.find(({ state }) => state === 'playing');
  if (!list || !item || list.index === null) return null;
  return { item: item.item, index: list.index, count: list.count, words: item.words };
}

function steadyList(list: PlaylistState | null, before: PlaylistState | null): PlaylistState | null {
  if (!list || !before) return list;
  const known = new Map(before.items.map(({ item, startsAt }) => [item, startsAt]));
  const items = list.items.map((one) => ({
    ...one,
    startsAt: steadyTime(known.get(one.item) ?? null, one.startsAt),
  }));
  return { ...list, items };
}
