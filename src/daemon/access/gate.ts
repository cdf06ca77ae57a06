import type { CallInput, CallName } from '../../contract/api.ts';
import { callRooms } from '../../contract/call-rooms.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { isAdmin, maySee, type Principal, roomsOf, tokenOf } from '../../contract/principal.ts';
import { checkMedia, confined } from '../../contract/source-rights.ts';
import type { Gate } from '../api/dispatch.ts';
import { seenBy } from './seen.ts';
import type { Tokens } from './tokens.ts';

export interface GateOptions {
  readonly tokens: Pick<Tokens, 'stateOf'>;
  /** `media.roots`. */
  readonly roots: () => readonly string[];
  /** What calls of kind `thing` name. */
  readonly things: Things;
}

/** Where something is that a call names, and what is said where it is not there: the same as where it is elsewhere. */
interface Thing<I> {
  /** @throws MiroliveError where there is none */
  readonly rooms: (input: I) => readonly string[];
  readonly absent: (input: I) => MiroliveError;
}

export type Things = { readonly [N in CallName]?: Thing<CallInput<N>> };

/**
 * What is to hold of a call beside what it needs: its token is valid still; it is about rooms that its caller may see; and the sources that it names
 * are what he may have. A schedule has the rights of the token that it was made with for as long as that has them.
 */
export function createGate(options: GateOptions): Gate {
  return {
    check: (caller) => checkToken(caller, options.tokens),
    admit(name, input, caller) {
      if (isAdmin(caller)) return input;
      if (roomsOf(caller) !== null) checkRooms(name, input as CallInput<CallName>, caller, options.things);
      const hasRoots = options.roots().length > 0;
      if (name === 'scan') checkMedia(hasRoots);
      return confined(input, hasRoots);
    },
    shown: (name, answer, caller) => seenBy(caller, name, answer),
  };
}

function checkToken(caller: Principal, tokens: Pick<Tokens, 'stateOf'>): void {
  const id = tokenOf(caller);
  if (id === null) return;
  const state = tokens.stateOf(id);
  if (state === 'valid') return;
  const what = state ?? 'unknown';
  throw new MiroliveError('NOT_ALLOWED', `expected a token that is valid, got ${id}, which is ${what}`, {
    hint: 'Make another one, and what was made with it anew: mirolive tokens create --role operator',
    forAdmin: true,
  });
}

function checkRooms(name: CallName, input: CallInput<CallName>, caller: Principal, things: Things): void {
  const about = callRooms[name];
  if (about === undefined) throw notAllowed(caller, `${name} is about the whole machine`);
  if (about === 'none') return;
  const room = roomIn(input);
  if (about === 'rooms' && room === undefined) return;
  if (about === 'room' && room === undefined) throw notAllowed(caller, `${name} names no room`);
  if (room !== undefined && !maySee(caller, room)) throw notAllowed(caller, `it is about ${room}`);
  if (about !== 'thing') return;
  // The table ties each name to the type of its input; the compiler cannot follow that.
  const thing = things[name] as Thing<unknown> | undefined;
  if (thing === undefined) throw notAllowed(caller, `${name} names no room`);
  const rooms = thing.rooms(input);
  if (rooms.length === 0 || !rooms.every((one) => maySee(caller, one))) throw thing.absent(input);
}

/** The room that a call names. */
function roomIn(input: object): string | undefined {
  const { room, spec } = input as { readonly room?: string; readonly spec?: { readonly room?: string } };
  return room ?? spec?.room;
}

function notAllowed(caller: Principal, why: string): MiroliveError {
  const rooms = roomsOf(caller)?.join(', ');
  return new MiroliveError(
    'NOT_ALLOWED',
    `expected a call about ${rooms}, to which the token is bound: ${why}`,
    {
      hint: 'See these rooms: mirolive rooms',
    },
  );
}
