import { eventually } from '../test/helpers/browser.ts';
import { start } from './child.ts';
import type { Context } from './context.ts';
import { type BenchDaemon, startDaemon } from './mirolive.ts';

/** Until a publisher is on air as planned, in ms: key frames that are 8 s apart are seen to be so only then. */
const plannedMs = 30_000;

/** A server that takes a programme by RTMP and gives it by WHEP: mirolive, or the one beside it. */
export interface Server {
  readonly name: string;
  /** Null: the operator feeds it. */
  readonly publishUrl: string | null;
  readonly whepUrl: string;
  /** The process of mirolive, or of the other where it is known. */
  readonly pid: number | null;
  /** Resolves when what is published is on air. */
  readonly onAir: (action?: 'copy' | 'transcode') => Promise<unknown>;
}

/** How a server comes to be; what it starts ends with the scope. */
export type MakeServer = (context: Context) => Promise<Server>;

/** A daemon of its own, with one room to publish into. */
export async function mirolive(context: Context): Promise<Server> {
  return await roomOf(await startDaemon(context));
}

/** A room of a daemon as a server of its own. */
export async function roomOf({ client, url, pid, publishUrl }: BenchDaemon, room = 'live'): Promise<Server> {
  const onAir = (action: 'copy' | 'transcode' = 'copy') =>
    eventually(
      () => client.call('listBroadcasts', {}),
      (all) => all.some((one) => one.room === room && one.plan.video?.action === action),
      plannedMs,
    );
  return {
    ...{ name: 'mirolive', pid, onAir },
    publishUrl: await publishUrl(room),
    whepUrl: `${url}/whep/${room}`,
  };
}

/** What is said to have failed where the server beside has. */
export const besideWords = 'the server beside';

/** How to come to the server beside; null: there is none. */
export function besideOf({ beside }: Context): MakeServer | null {
  if (!beside) return null;
  // Whoever watches it comes again until something is on air.
  return async () => ({ ...beside, onAir: async () => {} });
}

/** Feeds a server with a file as it is, again and again, as fast as it plays. */
export function feed(context: Context, { publishUrl }: Server, file: string): void {
  if (publishUrl === null) return;
  const input = ['-hide_banner', '-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', file];
  const args = [...input, '-c', 'copy', '-flush_packets', '1', '-f', 'flv', publishUrl];
  start(context, 'ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
