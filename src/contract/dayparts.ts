import * as z from 'zod';
import { absolutePath, section } from './config-section.ts';
import { oneSource, sourceKeys } from './one-source.ts';
import { isZone } from './schedule/zone-times.ts';
import { weekdays } from './weekdays.ts';

/** More would be a schedule of its own. */
const maxDayparts = 100;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of the day such as 06:00');
const sourceHint = 'expected one of publisher, file, url, playlist and folder with its value';

const daypart = z
  .strictObject({
    from: timeOfDay,
    /** On the next day where it is not behind `from`. */
    to: timeOfDay,
    /** On which it begins; every day where they are left out. */
    days: z.array(z.enum(weekdays)).min(1).optional(),
    /** What viewers see as its title. */
    name: z.string().min(1).max(200).optional(),
    ...sourceKeys,
    /** The files of a folder, one after the other and over again. */
    folder: absolutePath.transform((path) => ({ kind: 'folder' as const, path })).optional(),
  })
  .transform(({ from, to, days, name, headers, ...keys }, context) => ({
    ...{ from, to, name, days: weekdays.filter((day) => days?.includes(day) ?? true) },
    source: oneSource(keys, headers, sourceHint, context),
  }));
/** What plays in a room at a time of the day. */
export type Daypart = z.output<typeof daypart>;

/** A room's programme of a day. */
export const daypartsSection = section({
  /** The zone of its times; null: this machine's. */
  zone: z.string().refine(isZone, 'expected a time zone such as Europe/Berlin').nullable().default(null),
  /** Of two at one time the one that begins later is on air. Between them is what the room falls back to. */
  parts: z.array(daypart).max(maxDayparts).default([]),
});
