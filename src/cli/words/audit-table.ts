import type { AuditEntry } from '../../contract/audit.ts';
import { principalWord } from '../../contract/principal-word.ts';
import { moment, type Paint, printable, table } from './format.ts';

/** Deeds as a table, the oldest first. */
export function auditTable(entries: readonly AuditEntry[], now: number, paint: Paint): string[] {
  return table(
    ['TIME', 'WHO', 'WHAT', 'WHERE', 'RESULT', 'DETAILS'],
    entries.map(({ at, who, what, subject, room, result, details }) => [
      moment(at, now),
      printable(principalWord(who)),
      what,
      printable(room === null || room === subject ? subject : subject === '' ? room : `${room}: ${subject}`),
      result === 'ok' ? result : paint('red', result),
      printable(detailWords(details)),
    ]),
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
