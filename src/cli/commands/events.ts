import { type Context, connect } from '../program/context.ts';
import { since } from '../program/options.ts';
import { warnOfNobody } from '../program/unknown-room.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { eventWords } from '../words/event-words.ts';
import { moment } from '../words/format.ts';

/** Options of `mirolive events`. */
interface EventOptions extends RoomOption {
  readonly stats?: boolean;
  /** Types, or such as `broadcast.*`, with commas between them. */
  readonly type?: string;
  /** In ms. */
  readonly since?: number;
  readonly follow?: boolean;
}

/** `mirolive events [--room R] [--type T] [--stats]`, `mirolive events --since 8h` */
export const add = (program: Verb) =>
  program
    .verb(
      'events',
      "What happens, as it happens, in times of this machine's zone; with --json in UTC. Ctrl-C ends it.",
      [
        'mirolive events',
        'mirolive events --room lobby --stats --json',
        'mirolive events --since 8h',
        'mirolive events --since 20:00',
        'mirolive events --since 1h --type viewer.joined,broadcast.*',
      ],
    )
    .option('--room <room>', 'only of this room')
    .option('--stats', 'the figures of each broadcast too, once a second')
    .option('--type <types>', 'only these, such as viewer.joined,broadcast.*')
    .option(
      '--since <time>',
      'what has happened since then, as far as it is kept; who came and went with --type viewer.* only: 8h, 20:00, 2026-01-31T20:00',
      (text) => since(text, Date.now()),
    )
    .option('-f, --follow', 'with --since: go on with what happens')
    .does(events);

/** Ends by a signal, or with an error when the daemon goes away; with `since` alone when all is told. */
async function events(
  context: Context,
  { room, stats = false, type, since: sinceMs, follow = sinceMs === undefined }: EventOptions,
): Promise<number> {
  const client = await connect(context);
  const { output } = context;
  const signal = context.interrupts();
  // What has not happened yet may do so, and is told meanwhile.
  if (room !== undefined && follow) void warnOfNobody(context, client, room, signal);
  let told = 0;
  try {
    for await (const event of client.events({ room, stats, type, sinceMs, follow }, { signal })) {
      const now = Date.now();
      if (event.type !== 'events.open') told++;
      output.show(event, () => [`${output.paint('dim', moment(event.at, now))}  ${eventWords(event, now)}`]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (room !== undefined && told === 0) await warnOfNobody(context, client, room, signal);
  return signal.aborted ? signal.reason : 0;
}
