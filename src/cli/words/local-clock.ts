/** The clock on the wall of a zone. */
export interface LocalClock {
  /** Of its calendar, as a number that grows by one each day. */
  day(atMs: number): number;
  /** `Sun 29 Mar 2026`. */
  date(atMs: number): string;
  /** `09:00`; `02:30 GMT+2` where the clock shows this time twice. */
  time(atMs: number): string;
  /** What the clock is put from and to on a day, as `02:00` and `03:00`; null: it is not. */
  change(day: number): readonly [from: string, to: string] | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** @param zone by its name in the time zone database: `Europe/Berlin` */
export function localClock(zone: string): LocalClock {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', timeZoneName: 'shortOffset' },
    ...{
      weekday: 'short',
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    },
  });
  const parts = (atMs: number) =>
    Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const offsetMs = (atMs: number) => zoneOffsetMs(parts(atMs).timeZoneName ?? '');
  const shownMs = (atMs: number) => atMs + offsetMs(atMs);
  const hours = (shown: number) => new Date(shown).toISOString().slice(11, 16);
  return {
    day: (atMs) => Math.floor(shownMs(atMs) / dayMs),
    date(atMs) {
      const { weekday, day, month, year } = parts(atMs);
      return `${weekday} ${day} ${month} ${year}`;
    },
    time(atMs) {
      const { hour, minute, timeZoneName } = parts(atMs);
      // Lord Howe puts its clock by half an hour.
      const isTwice = [-1, -0.5, 0.5, 1].some((step) => shownMs(atMs + step * hourMs) === shownMs(atMs));
      return `${hour}:${minute}${isTwice ? ` ${timeZoneName}` : ''}`;
    },
    change(day) {
      let beforeMs = day * dayMs - offsetMs(day * dayMs) - dayMs / 2;
      let afterMs = beforeMs + 2 * dayMs;
      if (offsetMs(beforeMs) === offsetMs(afterMs)) return null;
      while (afterMs - beforeMs > 1) {
        const middleMs = Math.floor((beforeMs + afterMs) / 2);
        if (offsetMs(middleMs) === offsetMs(beforeMs)) beforeMs = middleMs;
        else afterMs = middleMs;
      }
      if (Math.floor(shownMs(afterMs) / dayMs) !== day) return null;
      return [hours(afterMs + offsetMs(beforeMs)), hours(shownMs(afterMs))];
    },
  };
}

/** `GMT+5:30` and the like, in ms. */
function zoneOffsetMs(words: string): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /^GMT([+-])(\d+)(?::(\d+))?$/.exec(words) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * hourMs + Number(minutes) * 60_000);
}
