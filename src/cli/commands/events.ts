import { type Context, connect } from '../program/context.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { eventWords } from '../words/event-words.ts';

/** `mirolive events [--room R] [--stats]` */
export const add = (program: Verb) =>
  program
    .verb('events', 'What happens, as it happens. Ctrl-C ends it.', [
      'mirolive events',
      'mirolive events --room lobby --stats --json',
    ])
    .option('--room <room>', 'only of this room')
    .option('--stats', 'the figures of each broadcast too, once a second')
    .does(events);

/** Ends by a signal, or with an error when the daemon goes away. */
async function events(
  context: Context,
  { room, stats = false }: RoomOption & { readonly stats?: boolean },
): Promise<number> {
  const client = await connect(context);
  const { output } = context;
  const signal = context.interrupts();
  try {
    for await (const event of client.events({ room, stats }, { signal })) {
      output.show(event, () => [`${output.paint('dim', localTime(event.at))}  ${eventWords(event)}`]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return signal.reason;
}

function localTime(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB');
}
