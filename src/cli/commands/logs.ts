import { Option } from 'commander';
import { type LogLevelName, logLevels } from '../../contract/log-levels.ts';
import { type Context, connect } from '../program/context.ts';
import { since } from '../program/options.ts';
import { warnOfNobody } from '../program/unknown-room.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { logWords } from '../words/log-words.ts';

interface LogsOptions extends RoomOption {
  readonly level?: LogLevelName;
  /** In ms. */
  readonly since?: number;
  readonly follow?: boolean;
}

/** `mirolive logs [--follow] [--level warn] [--room R] [--since 1h]` */
export const add = (program: Verb) =>
  program
    .verb(
      'logs',
      "What the daemon's log says, in times of this machine's zone; with --json in UTC, one line each. Ctrl-C ends --follow.",
      ['mirolive logs', 'mirolive logs --level warn --since 8h', 'mirolive logs --follow --room lobby'],
    )
    .option('--room <room>', 'only lines of this room')
    .addOption(new Option('--level <level>', 'only what matters as much, or more').choices([...logLevels]))
    .option('--since <time>', 'since then: 1h, 20:00, 2026-01-31T20:00; an hour by default', (text) =>
      since(text, Date.now()),
    )
    .option('-f, --follow', 'go on with what is written')
    .does(logs);

/** Ends by a signal, or with an error when the daemon goes away; without `follow` when all is told. */
async function logs(
  context: Context,
  { room, level, since: sinceMs, follow = false }: LogsOptions,
): Promise<number> {
  const client = await connect(context);
  const { output } = context;
  const signal = context.interrupts();
  // What is written meanwhile is told.
  if (room !== undefined && follow) void warnOfNobody(context, client, room, signal);
  let lines = 0;
  try {
    for await (const told of client.logs({ room, level, sinceMs, follow }, { signal })) {
      if (told.type !== 'open') lines++;
      output.show(told, () => logWords(told, Date.now(), output.paint));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (room !== undefined && lines === 0) await warnOfNobody(context, client, room, signal);
  return signal.aborted ? signal.reason : 0;
}
