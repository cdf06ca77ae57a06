import type { AuditEntry } from '../../contract/audit.ts';
import { principalWord } from '../../contract/principal-word.ts';
import { fitted } from './fitted-table.ts';
import { moment, type Paint, printable, table } from './format.ts';

const all = [
  { heading: 'TIME' },
  { heading: 'WHO', least: 8 },
  { heading: 'WHAT', least: 12 },
  { heading: 'WHERE', least: 12 },
  { heading: 'RESULT', least: 8 },
  { heading: 'DETAILS', least: 10 },
] as const;
const resultColumn = all.findIndex(({ heading }) => heading === 'RESULT');

/** Deeds as a table that is no wider than `columns`, the oldest first. */
export function auditTable(
  entries: readonly AuditEntry[],
  now: number,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string[] {
  const rows = entries.map(({ at, who, what, subject, room, result, details }) => [
    moment(at, now),
    printable(principalWord(who)),
    what,
    printable(room === null || room === subject ? subject : subject === '' ? room : `${room}: ${subject}`),
    result,
    printable(detailWords(details)),
  ]);
  const painted = fitted(all, rows, columns).map((row) =>
    row.map((cell, at) => (at === resultColumn && cell !== 'ok' ? paint('red', cell) : cell)),
  );
  return table(
    all.map(({ heading }) => heading),
    painted,
    paint,
  );
}

/** `source talk.mp4, items 3`; what is not said is left out. */
function detailWords(details: AuditEntry['details']): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
