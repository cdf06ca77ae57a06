const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration as people write it (`250ms`, `3s`, `1.5m`, `8h`), in ms; null: it is none. */
export function parseDuration(text: string): number | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return number === undefined ? null : Math.round(Number(number) * (unitsMs[unit] ?? 0));
}

/** A place or a length of media as people write it (`12:30`, `1:02:03.5`, `90s`), in ms; null: it is none. */
export function parseMediaTime(text: string): number | null {
  const match = /^(?:(\d{1,3}):(?=\d\d:))?(\d{1,4}):([0-5]\d(?:\.\d{1,3})?)$/.exec(text);
  if (!match) return parseDuration(text);
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

/** A place in a programme: `0:07`, `12:30`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(m).padStart(h > 0 ? 2 : 1, '0')}:${String(s).padStart(2, '0')}`;
  return h > 0 ? `${h}:${tail}` : tail;
}
