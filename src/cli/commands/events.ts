import { type Context, connect } from '../program/context.ts';
import { duration } from '../program/options.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { eventWords } from '../words/event-words.ts';
import { moment } from '../words/format.ts';

/** Options of `mirolive events`. */
interface EventOptions extends RoomOption {
  readonly stats?: boolean;
  /** In ms. */
  readonly since?: number;
  readonly follow?: boolean;
}

/** `mirolive events [--room R] [--stats]`, `mirolive events --since 8h` */
export const add = (program: Verb) =>
  program
    .verb('events', 'What happens, as it happens. Ctrl-C ends it.', [
      'mirolive events',
      'mirolive events --room lobby --stats --json',
      'mirolive events --since 8h',
    ])
    .option('--room <room>', 'only of this room')
    .option('--stats', 'the figures of each broadcast too, once a second')
    .option(
      '--since <time>',
      'what has happened for so long, such as 8h, as the daemon remembers it',
      duration,
    )
    .option('--follow', 'with --since: go on with what happens')
    .does(events);

/** Ends by a signal, or with an error when the daemon goes away; with `since` alone when all is told. */
async function events(
  context: Context,
  { room, stats = false, since: sinceMs, follow = sinceMs === undefined }: EventOptions,
): Promise<number> {
  const client = await connect(context);
  const { output } = context;
  const signal = context.interrupts();
  try {
    for await (const event of client.events({ room, stats, sinceMs, follow }, { signal })) {
      const now = Date.now();
      output.show(event, () => [`${output.paint('dim', moment(event.at, now))}  ${eventWords(event, now)}`]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return signal.aborted ? signal.reason : 0;
}
