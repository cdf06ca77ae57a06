import * as z from 'zod';
import { type Viewer, viewer } from '../models.ts';
import { roomName } from '../names.ts';
import {
  type ViewedDaemon,
  type ViewedMachine,
  type ViewedProcess,
  view,
  viewedDaemon,
  viewedMachine,
  viewedProcess,
} from './view.ts';
import { type ViewedRoom, viewedRoom } from './viewed-room.ts';

/**
 * What has changed of one that has an id. null: it is gone; with its id: all of it, whether it was known or not; without: these pieces
 * of it, and the others stay.
 */
const changed = <S extends z.ZodRawShape>(whole: z.ZodObject<S>) => whole.partial().nullable();

/** What becomes of things, by their ids. */
type Changed<T> = Readonly<Record<string, Partial<T> | null>>;

/** What has changed, and nothing else. */
export interface ViewChanges {
  readonly daemon?: Partial<ViewedDaemon>;
  readonly machine?: Partial<ViewedMachine>;
  readonly processes?: Changed<ViewedProcess>;
  readonly rooms?: Changed<ViewedRoom>;
  /** By room, then by id. */
  readonly viewers?: Readonly<Record<string, Changed<Viewer>>>;
}

// JSON has no `undefined`, which types of optional keys in zod do.
const viewChanges = z.strictObject({
  daemon: viewedDaemon.partial().optional(),
  machine: viewedMachine.partial().optional(),
  processes: z.record(z.string(), changed(viewedProcess)).optional(),
  rooms: z.record(roomName, changed(viewedRoom)).optional(),
  /** By room, then by id. */
  viewers: z.record(roomName, z.record(z.string(), changed(viewer))).optional(),
}) as z.ZodType as z.ZodType<ViewChanges>;

/** `seq` grows with each change, by any step; `epoch` is another one with each start of the daemon. */
const place = { epoch: z.string(), seq: z.int().min(0) };

/** A line of `observe`: first a snapshot, or `resumed` where nothing of what came before is needed again; then changes. */
export const viewLine = z.discriminatedUnion('type', [
  z.strictObject({ ...place, type: z.literal('snapshot'), view }),
  z.strictObject({ ...place, type: z.literal('resumed') }),
  z.strictObject({ seq: place.seq, type: z.literal('change'), changes: viewChanges }),
]);
export type ViewLine = z.infer<typeof viewLine>;

/** How much is told. `glance`: without programmes and playlists; `whole`: with them. */
export const viewDetail = z.enum(['glance', 'whole']);
export type ViewDetail = z.infer<typeof viewDetail>;
