import type { Bans } from '../viewers/bans.ts';
import type { Steering } from '../viewers/steering.ts';
import type { Handlers } from './handler-table.ts';

export interface ViewerHandlerOptions {
  readonly steering: Pick<Steering, 'kick' | 'ban' | 'message' | 'announce'>;
  readonly bans: Pick<Bans, 'list' | 'lift'>;
}

/** What the calls do by which viewers are put out, kept out, and told something. */
export function viewerHandlers({ steering, bans }: ViewerHandlerOptions) {
  return {
    kickViewers: (input) => steering.kick(input),
    messageViewer: (input) => steering.message(input),
    announce: (input) => steering.announce(input),
    ban: (input, { caller }) => steering.ban(input, caller),
    listBans: ({ room }) => bans.list(room),
    unban: ({ id }, { caller }) => bans.lift(id, caller),
  } satisfies Partial<Handlers>;
}
