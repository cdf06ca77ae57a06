import { type Context, connect } from '../context.ts';
import { eventWords } from '../event-words.ts';

/** `mirolive events [--room R] [--stats]`: ends by a signal, or with an error when the daemon goes away. */
export async function events(
  context: Context,
  { room, stats = false }: { readonly room?: string; readonly stats?: boolean },
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
