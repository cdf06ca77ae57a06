import * as z from 'zod';
import { broadcastId, roomName } from './names.ts';

/** A share, 0 to 1. */
const share = z.number().min(0).max(1);
const amount = z.number().min(0);
const time = z.iso.datetime();

/** No report has more intervals. */
export const maxIntervals = 2000;

/** How many watched, and how well, over a time. What nobody can say is null: of players by WHEP, and of a time in which nobody watched. */
export const reportFigures = z.strictObject({
  /** Who was there when it began. */
  there: z.int().min(0),
  /** Visits that began. Who comes back within a minute has not left: a reload of the page, or a restart of the daemon. */
  joined: z.int(),
  left: z.int(),
  /** The most at one time. */
  peak: z.int().min(0),
  /** At one time, on average. */
  average: amount,
  /** For how long media went out, of all viewers together, in minutes. */
  minutesWatched: amount,
  /** How often a picture stood still, for each hour that was watched on pages that count it. */
  freezesPerHour: amount.nullable(),
  /** Of the time that was watched where there are several renditions, the share of the best one. */
  bestShare: share.nullable(),
  /** How long the first picture took, as pages say: how many have said, and what half of them and 95 % of them took at most, in ms. */
  firstPicture: z.strictObject({ count: z.int().min(0), p50Ms: amount, p95Ms: amount }).nullable(),
});
export type ReportFigures = z.infer<typeof reportFigures>;

/** Of what so many minutes were watched with. */
const watchedWith = z.array(z.strictObject({ name: z.string().max(100), minutesWatched: amount }));

/** How a broadcast, or what was in a room, was watched. */
export const report = z.strictObject({
  room: roomName,
  /** null: all that was in the room. */
  broadcast: broadcastId.nullable(),
  /** What the broadcast is called. */
  title: z.string().nullable(),
  from: time,
  until: time,
  /** Nothing is missing after it. */
  completeSince: time,
  /** How long each interval is, in ms. */
  stepMs: z.int().min(60_000),
  total: reportFigures,
  /** The most first; versions are left out. */
  browsers: watchedWith,
  /** page, whep */
  kinds: watchedWith,
  /** One behind the other, from `from` to `until`. */
  intervals: z.array(reportFigures.extend({ at: time })).max(maxIntervals),
});
export type Report = z.infer<typeof report>;
