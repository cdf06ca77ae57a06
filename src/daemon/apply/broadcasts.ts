import { isDeepStrictEqual } from 'node:util';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { AppliedBroadcast, ApplyPlan, Change } from '../../contract/event/change.ts';
import type { Declared } from '../../contract/event/declared.ts';
import type { Desk } from '../rooms/desk.ts';
import type { Applied } from '../rooms/room-state.ts';
import { lookOf } from '../schedule/inspect.ts';
import { type Current, keyPlace, type WantedBroadcast } from './current.ts';
import { bareBroadcast, wantedBroadcast } from './plan-apply.ts';

/** What broadcasts are changed by. */
export type BroadcastDesk = Pick<Desk, 'start' | 'end' | 'check' | 'declare'>;

/** Starts at once: each looks at its source, which others must not make late. */
const atOnce = 3;

interface Ordered {
  readonly plan: Pick<ApplyPlan, 'changes'>;
  readonly declared: Declared;
  readonly current: Current;
  /** Until each that is begun has been seen. */
  readonly wait: boolean;
}

/** Takes broadcasts off air, puts others there, and changes those that go on: what is stopped first, since it leaves room. */
export async function applyBroadcasts(
  desk: BroadcastDesk,
  { plan, declared, current, wait }: Ordered,
): Promise<AppliedBroadcast[]> {
  const changes = plan.changes.filter(({ what }) => what === 'broadcast');
  const [stops, others] = [changes.filter(isStop), changes.filter((change) => !isStop(change))];
  const act = async (change: Change): Promise<AppliedBroadcast> => {
    const { name: room } = change;
    try {
      return { room, ...(await applyOne(desk, change, { declared, current, wait })) };
    } catch (error) {
      return { room, state: 'failed', reason: asMiroliveError(error).message };
    }
  };
  return [...(await fewAtOnce(stops, act)), ...(await fewAtOnce(others, act))];
}

function isStop({ act }: Change): boolean {
  return act === 'stop';
}

type Outcome = Pick<AppliedBroadcast, 'state' | 'reason'>;

async function applyOne(
  desk: BroadcastDesk,
  { name: room, act }: Change,
  { declared, current, wait }: Omit<Ordered, 'plan'>,
): Promise<Outcome> {
  const there = current.broadcasts.get(room);
  if (act === 'stop') {
    // It may be over by itself.
    if (there) await desk.end(there.id, 'taken').catch(unlessGone);
    return { state: 'stopped', reason: null };
  }
  const one = declared.broadcasts[room];
  const wanted = one && wantedBroadcast(one, declared.playlists, current);
  if (!wanted) throw new Error(`expected broadcast ${room} in the file`);
  const applied: Applied = { by: declared.name, declared: JSON.stringify(bareBroadcast(wanted)) };
  if (there && act === 'keep') {
    await desk.declare(room, there.id, applied);
    return { state: 'kept', reason: null };
  }
  if (there && act === 'edit' && wanted.source.kind === 'playlist') {
    await desk.declare(room, there.id, applied, wanted.source.items);
    return { state: 'edited', reason: null };
  }
  if (act !== 'restart' || !there) return await start(desk, { room, wanted, applied, wait });
  // A camera has room for one: what is there is looked at by nobody else.
  const endsFirst = isDeepStrictEqual(bareBroadcast(there.is).source, bareBroadcast(wanted).source);
  if (!endsFirst) await mayReplace(desk, room, wanted, current);
  return await start(desk, { room, wanted, applied, wait, replaces: there.id, endsFirst });
}

interface Starting {
  readonly room: string;
  readonly wanted: WantedBroadcast;
  readonly applied: Applied;
  readonly wait: boolean;
  readonly replaces?: string;
  readonly endsFirst?: boolean;
}

async function start(
  desk: Pick<BroadcastDesk, 'start'>,
  { wanted, applied, ...how }: Starting,
): Promise<Outcome> {
  const { source, name, renditions } = wanted;
  const given = { ...(name !== undefined && { name }), ...(renditions && { renditions }) };
  const { state } = await desk.start({ source, keep: true, ...how, ...given }, undefined, applied);
  return { state: state === 'live' ? 'live' : 'begun', reason: null };
}

/** What cannot be played does not take the place of what plays. @throws MiroliveError whatever is wrong with it */
async function mayReplace(
  desk: Pick<BroadcastDesk, 'check'>,
  room: string,
  wanted: WantedBroadcast,
  { publishing }: Pick<Current, 'publishing'>,
): Promise<void> {
  const { source, renditions } = wanted;
  const { publisher, opened } = lookOf(source);
  if (publisher !== null && !publishing.has(keyPlace({ room, name: publisher })))
    throw new MiroliveError('PUBLISHER_NOT_FOUND', `nobody publishes into ${room} with the key ${publisher}`);
  if (opened) await desk.check(opened, renditions);
}

function unlessGone(error: unknown): void {
  if (asMiroliveError(error).code !== 'BROADCAST_NOT_FOUND') throw error;
}

/** In their order, but never more than a few at one moment. */
async function fewAtOnce<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let place = next++; place < all.length; place = next++) results[place] = await act(all[place] as T);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, work));
  return results;
}
