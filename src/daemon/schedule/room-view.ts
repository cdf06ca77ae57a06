import type { Source } from '../../contract/models.ts';
import type { RunEntry } from '../../contract/snapshot.ts';
import { sourceWords } from '../../contract/source-words.ts';
import { type BroadcastState, idles } from '../rooms/room-state.ts';
import { isPersons } from '../rooms/runs-in-chain.ts';
import { isAbove, type Put } from './run.ts';

/** What a run has above a programme: the candidate's id, the schedule's name, and when it was to begin. */
export type RunInChain = Pick<RunEntry, 'id' | 'schedule' | 'atMs'>;

/** What a schedule has to know of a room. */
export interface RoomView {
  /** null: nothing is on air, or about to be. */
  readonly broadcast: string | null;
  /** A source may be put on air: there is nothing but what keeps the room on air. */
  readonly free: boolean;
  /** What was taken, the topmost first. */
  readonly takes: readonly { readonly id: string; readonly words: string; readonly byMachine: boolean }[];
  /** What a run has put on air there as its broadcast; null: it was no run. */
  readonly scheduled: Source | null;
  /** What schedules have put above the programme, as their runs. */
  readonly runs: readonly RunInChain[];
  readonly slate: boolean;
  /** The number of the command that put it there, or took it away, last; 0: none has. */
  readonly slateCommand: number;
}

/** Where nothing is on air. */
export const emptyRoom: RoomView = {
  ...{ broadcast: null, free: true, scheduled: null, takes: [], runs: [], slate: false, slateCommand: 0 },
};

export function roomView(broadcast: BroadcastState | null): RoomView {
  if (!broadcast) return emptyRoom;
  const { wishes } = broadcast;
  const { wanted, written } = wishes;
  const takes = wanted.chain.filter(({ name }) => name === 'take');
  return {
    broadcast: broadcast.id,
    free: idles(broadcast),
    scheduled: broadcast.begunBy === 'schedule' ? broadcast.source : null,
    takes: takes.map((one) => ({
      ...{ id: one.id, words: sourceWords(one.source), byMachine: !isPersons(one, wishes) },
    })),
    runs: wanted.chain.flatMap(({ id, run }) => (run ? [{ id, ...run }] : [])),
    slate: wanted.slate,
    slateCommand: written.slate ?? 0,
  };
}

/** Whether what was put into a room is there. */
export function isThere(put: Put, view: RoomView): boolean {
  if (put.kind === 'broadcast') return view.broadcast === put.id;
  // It is kept where another broadcast has the place of that one.
  if (put.kind === 'slate') return view.slate && view.slateCommand === put.command;
  if (view.broadcast !== put.broadcast) return false;
  return (put.kind === 'run' ? view.runs : view.takes).some(({ id }) => id === put.id);
}

/** What persons have put over a room, which no clock takes away; null: nothing. @param puts of all schedules */
export function heldBy(view: RoomView, puts: readonly Put[]): string | null {
  const isOurs = (id: string) => puts.some((put) => put.kind === 'take' && put.id === id);
  const taken = view.takes.find(({ id, byMachine }) => !byMachine && !isOurs(id));
  if (taken) return `${taken.words} is taken there`;
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
  const above = [...view.takes, ...view.runs].map(({ id }) => id);
  const ends = (id: string) => ending.some((put) => isAbove(put) && put.id === id);
  return isSlateKept || !above.every(ends);
}
