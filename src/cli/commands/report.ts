import { resolve } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import type { Report } from '../../contract/report.ts';
import type { Client } from '../client.ts';
import { type Context, connect } from '../program/context.ts';
import { duration, since } from '../program/options.ts';
import type { RoomOption, Verb } from '../program/verb.ts';

/** Of people, though without their names: for who wrote it and his group. */
const fileMode = 0o640;
/** Nothing is kept for longer, in ms. */
const longAgoMs = 730 * 86_400_000;

interface ReportOptions extends RoomOption {
  /** In ms before now. */
  readonly since?: number;
  readonly until?: number;
  /** In ms. */
  readonly every?: number;
  readonly csv?: boolean;
  readonly html?: string;
}

/** `mirolive report BROADCAST`, `mirolive report --room R [--since 8h]` */
export const add = (program: Verb) =>
  program
    .verb(
      'report',
      "How many watched a broadcast, or in a room, and how well; in times of this machine's zone, with --json and --csv in UTC.",
      [
        'mirolive report b-k3v7qm2xay',
        'mirolive report --room lobby --since 7d',
        'mirolive report --room lobby --since 20:00 --every 5m --csv >talk.csv',
        'mirolive report b-k3v7qm2xay --html talk.html',
      ],
    )
    .argument('[id]', 'of a broadcast that is on air, or was')
    .option('--room <room>', 'all that was in this room; not needed while only one is on air')
    .option('--since <time>', 'since then: 8h, 20:00, 2026-01-31T20:00; of a room a day by default', past)
    .option('--until <time>', 'until then: 1h, 22:00, 2026-01-31T22:00', past)
    .option('--every <time>', 'how long each interval is, such as 5m', duration)
    .option('--csv', 'a row for each interval')
    .option('--html <file>', 'one page with charts, which needs nothing else; -: to standard output')
    .streams('html')
    .does(report);

function past(text: string): number {
  return since(text, Date.now());
}

async function report(context: Context, id: string | undefined, options: ReportOptions): Promise<undefined> {
  const { output, environment } = context;
  const { csv = false, html } = options;
  if ([output.json, csv, html !== undefined].filter(Boolean).length > 1)
    throw new MiroliveError('USAGE', 'expected one of --json, --csv and --html, got more', {
      hint: 'Ask once for each',
    });
  // It goes to standard output anyhow.
  const found = await asked(context, csv && id === '-' ? undefined : id, options);
  if (csv) {
    const { reportCsv } = await import('../words/report-csv.ts');
    output.stdout.write(reportCsv(found));
  } else if (html === '-') {
    output.stdout.write(await page(found));
  } else if (html !== undefined) {
    await write(resolve(environment.cwd, html), found);
    output.line(`Written: ${html}`);
  } else if (output.json) {
    output.value(found);
  } else {
    const { reportWords } = await import('../words/report-words.ts');
    const { asciiOf } = await import('../tui/dashboard/ascii.ts');
    const { isUtf8 } = await import('../tui/dashboard/terminal-kind.ts');
    const place = { now: Date.now(), columns: output.columns, paint: output.paint };
    const isAscii = !isUtf8(environment.variables);
    for (const line of reportWords(found, place)) output.line(isAscii ? asciiOf(line) : line);
  }
}

async function asked(context: Context, id: string | undefined, options: ReportOptions): Promise<Report> {
  const client = await connect(context);
  const { room, since: sinceMs, until: untilMs, every: stepMs } = options;
  const { chooseRoom } = await import('../program/room.ts');
  const subject = id === undefined ? { room: await chooseRoom(client, { room }) } : { broadcast: id, room };
  const found = await client.call('getReport', { ...subject, sinceMs, untilMs, stepMs });
  if (id === undefined && isNobody(found)) await refuseUnknown(context, client, found.room);
  return found;
}

function isNobody({ total: { there, joined, peak } }: Report): boolean {
  return there === 0 && joined === 0 && peak === 0;
}

/** @throws MiroliveError ROOM_NOT_FOUND where there is nothing of a room, however long ago */
async function refuseUnknown(context: Context, client: Client, room: string): Promise<void> {
  const { unknownRoom } = await import('../program/unknown-room.ts');
  const unknown = await unknownRoom(context, client, room);
  if (unknown === null || !isNobody(await client.call('getReport', { room, sinceMs: longAgoMs }))) return;
  const { meant } = unknown;
  const near = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new MiroliveError(
    'ROOM_NOT_FOUND',
    `there is no room ${room} now, and nothing is kept of how it was watched${near}`,
  );
}

async function page(found: Report): Promise<string> {
  const { reportHtml } = await import('../words/report-html.ts');
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    timeZoneName: 'short',
  });
  return reportHtml(found, new Date().toISOString(), (at) => format.format(Date.parse(at)));
}

async function write(path: string, found: Report): Promise<void> {
  const { writeWholeFile } = await import('../../files/whole-file.ts');
  const text = await page(found);
  try {
    writeWholeFile(path, text, fileMode);
  } catch (cause) {
    throw new MiroliveError('USAGE', `the report cannot be written: ${(cause as Error).message}`, {
      cause,
      hint: 'Name a file in a folder that is there, and yours: --html report.html',
    });
  }
}
