import { sourceWords } from '../../contract/source-words.ts';
import { type BroadcastState, idles } from '../rooms/room-state.ts';
import type { Put } from './run.ts';

/** What a schedule has to know of a room. */
export interface RoomView {
  /** null: nothing is on air, or about to be. */
  readonly broadcast: string | null;
  /** A source may be put on air: there is nothing but what keeps the room on air. */
  readonly free: boolean;
  /** What is above the programme, the topmost first. */
  readonly takes: readonly { readonly id: string; readonly words: string; readonly byMachine: boolean }[];
  readonly slate: boolean;
  /** The number of the command that put it there, or took it away, last; 0: none has. */
  readonly slateCommand: number;
}

export function roomView(broadcast: BroadcastState | null): RoomView {
  if (!broadcast) return { broadcast: null, free: true, takes: [], slate: false, slateCommand: 0 };
  const { wanted, written, machine } = broadcast.wishes;
  const takes = wanted.chain.filter(({ name }) => name === 'take');
  return {
    broadcast: broadcast.id,
    free: idles(broadcast),
    takes: takes.map(({ id, source }) => ({ id, words: sourceWords(source), byMachine: id === machine })),
    slate: wanted.slate,
    slateCommand: written.slate ?? 0,
  };
}

/** Whether what was put into a room is there. */
export function isThere(put: Put, view: RoomView): boolean {
  if (put.kind === 'broadcast') return view.broadcast === put.id;
  if (view.broadcast !== put.broadcast) return false;
  return put.kind === 'take'
    ? view.takes.some(({ id }) => id === put.id)
    : view.slate && view.slateCommand === put.command;
}

/** What persons have put over a room, which no clock takes away; null: nothing. @param puts of all schedules */
export function heldBy(view: RoomView, puts: readonly Put[]): string | null {
  const [top] = view.takes;
  const isOurs = (id: string) => puts.some((put) => put.kind === 'take' && put.id === id);
  if (top && !top.byMachine && !isOurs(top.id)) return `${top.words} is taken there`;
  if (!view.slate || puts.some((put) => put.kind === 'slate' && isThere(put, view))) return null;
  return 'the slate is on there';
}

/** The broadcast of a run that is over, whose place another may have with nobody seeing a gap; null: there is none. @param over what is to be taken away */
export function replaceable(view: RoomView, over: readonly Put[]): string | null {
  const isOver = over.some((put) => put.kind === 'broadcast' && put.id === view.broadcast);
  return isOver && !view.slate && !isCovered(view, over) ? view.broadcast : null;
}

/** Whether somebody, or a run that goes on, has something above a broadcast, which would go with it. @param ending what is to be taken away too */
export function isCovered(view: RoomView, ending: readonly Put[]): boolean {
  const isSlateKept = view.slate && !ending.some((put) => put.kind === 'slate' && isThere(put, view));
  return (
    isSlateKept || view.takes.some(({ id }) => !ending.some((put) => put.kind === 'take' && put.id === id))
  );
}
