import type { View } from '../../contract/view/view.ts';
import type { Client } from '../client.ts';
import type { ObserveParams } from '../observed-view.ts';
import { type Context, connect } from './context.ts';

/** A watched list waits no longer for whether there is such a room, in ms: what is drawn in place has no place for it later. */
const lookMs = 2000;

/** What a command lists, in both ways to come by it. */
export interface Listing<T> {
  readonly asked: (client: Client) => Promise<T>;
  /** What of the live view is watched. */
  readonly observed?: ObserveParams;
  readonly viewed: (view: View, from: typeof import('../viewed-lists.ts')) => T;
  readonly words: (list: T) => readonly string[];
}

/** Shows a list as it is, or watched. */
export async function showList<T>(
  context: Context,
  isWatched: boolean,
  { asked, observed = {}, viewed, words }: Listing<T>,
): Promise<number> {
  const client = await connect(context);
  if (isWatched) {
    const { watch } = await import('./watch.ts');
    const from = await import('../viewed-lists.ts');
    const { warnOfNobody } = await import('./unknown-room.ts');
    // It may come yet, and is watched for all the same.
    const soon = AbortSignal.any([context.interrupts(), AbortSignal.timeout(lookMs)]);
    if (observed.room !== undefined) await warnOfNobody(context, client, observed.room, soon);
    return await watch(context, client, observed, (view) => {
      const value = viewed(view, from);
      return { value, words: () => words(value) };
    });
  }
  const list = await asked(client);
  context.output.show(list, () => words(list));
  return 0;
}
