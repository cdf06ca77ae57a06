import { type Context, connect } from '../program/context.ts';
import { since } from '../program/options.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { auditTable } from '../words/audit-table.ts';

/** How far back it goes where nobody says how far, in ms. */
const dayMs = 86_400_000;
/** Entries that are asked for at once. */
const pageEntries = 500;

interface AuditOptions extends RoomOption {
  /** In ms. */
  readonly since?: number;
}

/** `mirolive audit [--since 1h] [--room R]` */
export const add = (program: Verb) =>
  program
    .verb(
      'audit',
      "Who did what, and what came of it, in times of this machine's zone, cut to the terminal; with --json whole and in UTC, one entry per line.",
      [
        'mirolive audit',
        'mirolive audit --since 1h --room lobby',
        'mirolive audit --since 30d --json | jq \'select(.result != "ok")\'',
      ],
    )
    .option('--room <room>', 'only of this room')
    .option('--since <time>', 'since then: 1h, 20:00, 2026-01-31T20:00; a day by default', (text) =>
      since(text, Date.now()),
    )
    .does(audit);

/** Page by page, so that a long log is neither here nor in the daemon at once. */
async function audit(context: Context, { room, since: sinceMs = dayMs }: AuditOptions): Promise<undefined> {
  const { output } = context;
  const client = await connect(context);
  let after = 0;
  for (;;) {
    const page = await client.call('listAudit', { room, sinceMs, after, limit: pageEntries });
    const [heading = '', ...rows] = auditTable(page, Date.now(), output);
    if (output.json) for (const entry of page) output.value(entry);
    else if (page.length > 0) for (const line of after === 0 ? [heading, ...rows] : rows) output.line(line);
    else if (after === 0)
      output.line('Nothing was done in that time. Further back: mirolive audit --since 30d');
    if (page.length < pageEntries) return;
    after = Math.max(...page.map(({ id }) => id));
  }
}
