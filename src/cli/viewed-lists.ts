import type { AnnouncedBroadcast, Hand, Room, Status, Viewer } from '../contract/models.ts';
import type { ListedPublisher } from '../contract/publishing.ts';
import type { View, ViewedProcess } from '../contract/view/view.ts';
import type { ViewedRoom } from '../contract/view/viewed-room.ts';

/** A status as a view has it: of a playlist on air, how many items there are. */
export interface ViewedStatus extends Omit<Status, 'broadcasts'> {
  readonly broadcasts: readonly AnnouncedBroadcast[];
}

/** The rooms of a view, as `listRooms` gives them. */
export function viewedRooms({ rooms }: View): Room[] {
  return Object.values(rooms).map(({ name, entry, broadcast, audience, watchUrl, title, health }) => ({
    ...{ name, state: broadcast?.state === 'live' ? ('live' as const) : ('idle' as const), entry },
    ...{ broadcast: broadcast?.id ?? null, viewers: audience.viewers, watchUrl },
    ...{ title, health },
  }));
}

/** What is on air, as `listBroadcasts` gives it, but for the items of playlists. */
export function viewedBroadcasts({ rooms }: View): AnnouncedBroadcast[] {
  return Object.values(rooms).flatMap(({ name, broadcast, onAir, plan, figures, watchUrl, audience }) => {
    if (!broadcast || !onAir || !plan || !figures) return [];
    return [{ ...broadcast, room: name, onAir, plan, stats: figures, watchUrl, viewers: audience.viewers }];
  });
}

/** Who publishes, as `listPublishers` gives them. */
export function viewedPublishers({ rooms }: View): ListedPublisher[] {
  return Object.values(rooms).flatMap(({ publishers }) => publishers);
}

/** Who watches, as `listViewers` gives them, where viewers were asked for. */
export function viewedViewers({ viewers }: View): Viewer[] {
  return Object.values(viewers).flatMap((room) => Object.values(room));
}

/** Hands that are up, as `listHands` gives them, of those who are there. */
export function viewedHands(view: View): Hand[] {
  return viewedViewers(view)
    .flatMap(({ id, room, hand }) => (hand ? [{ id, room, ...hand, here: true }] : []))
    .sort((one, other) => Date.parse(one.raisedAt) - Date.parse(other.raisedAt));
}

/** The daemon at a glance, as `status` gives it. */
export function viewedStatus(view: View): ViewedStatus {
  const audiences = Object.values(view.rooms).map(({ audience }) => audience);
  const sum = (of: (audience: ViewedRoom['audience']) => number) =>
    audiences.reduce((total, audience) => total + of(audience), 0);
  const processes = (kind: ViewedProcess['kind']) =>
    Object.values(view.processes).filter((one) => one.kind === kind);
  const viewersOf = (room: string) =>
    Object.hasOwn(view.rooms, room) ? (view.rooms[room]?.audience.viewers ?? 0) : 0;
  return {
    ...view.daemon,
    publishers: viewedPublishers(view).length,
    workers: processes('worker').map(({ pid, port, rooms }) => ({
      ...{ pid, port: port ?? 0, rooms: rooms.length },
      viewers: rooms.reduce((total, room) => total + viewersOf(room), 0),
    })),
    ingest: processes('ingest').map(({ pid, rooms }) => ({ pid, rooms })),
    rooms: viewedRooms(view),
    broadcasts: viewedBroadcasts(view),
    viewers: sum(({ viewers }) => viewers),
    viewersWithoutPicture: sum(({ withoutPicture }) => withoutPicture),
  };
}
