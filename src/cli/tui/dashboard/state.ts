import type { Rights } from '../../../contract/rights.ts';
import type { Act } from './act.ts';
import type { Line } from './line.ts';
import type { Said } from './output-rows.ts';
import type { Prompt } from './prompt.ts';

/** The panes of a room. */
export const panes = ['programme', 'viewers', 'publishers', 'plan', 'events'] as const;
export type Pane = (typeof panes)[number];

/** What is on the screen. */
export type Place =
  | { readonly at: 'rooms' }
  | { readonly at: 'room'; readonly room: string; readonly pane: Pane }
  | { readonly at: 'machine' };

/** What lies over that, and takes the keys. */
export type Over =
  | { readonly is: 'nothing' }
  | { readonly is: 'help'; readonly top: number }
  /** Whether something is to be done. */
  | { readonly is: 'asks'; readonly words: string; readonly act: Act }
  | {
      readonly is: 'types';
      readonly what: 'command' | 'filter';
      readonly prompt: Prompt;
      /** What may stand at the cursor, and which of it is chosen. */
      readonly candidates: readonly Candidate[];
      /** Which line of those before is shown, 0 the last; null: a new one. */
      readonly before: number | null;
    }
  /** Words for viewers. */
  | { readonly is: 'says'; readonly to: Saying; readonly prompt: Prompt }
  /** What a command says. */
  | {
      readonly is: 'output';
      readonly command: string;
      readonly said: Said;
      readonly top: number;
      /** Its exit status; null: it runs. */
      readonly status: number | null;
    }
  /** A still of a room; null: it is on its way. */
  | { readonly is: 'still'; readonly room: string; readonly picture: readonly Line[] | 'drawn' | null };

/** To whom something is said. */
export type Saying =
  | { readonly is: 'message'; readonly viewer: string }
  | { readonly is: 'announce'; readonly room: string };

/** A word that may stand at the cursor. */
export interface Candidate {
  /** Empty: there is none to choose, and its meaning says why. */
  readonly word: string;
  readonly meaning: string;
}

/** A list: what is chosen, by what it is and not by where it stands; its order and its filter. */
export interface List {
  readonly chosen: string | null;
  readonly order: number;
  readonly filter: string;
}

/** What can be taken back. */
export interface Undo {
  /** What was done, such as `muted lobby`. */
  readonly words: string;
  readonly act: Act;
}

/** All that the screen shows beside what the daemon says. */
export interface State {
  readonly place: Place;
  readonly over: Over;
  readonly rooms: List;
  readonly viewers: List;
  /** How far down the panes without a choice are. */
  readonly top: number;
  /** The last word on what was done; null: none. */
  readonly said: { readonly text: string; readonly tint: 'good' | 'bad' | 'dim' } | null;
  /** The last first. */
  readonly undos: readonly Undo[];
  /** Commands that were typed, the last first. */
  readonly typed: readonly string[];
  /** Keys and commands change nothing: somebody wants it so, or may no more. */
  readonly readOnly: boolean;
  /** What whoever looks may; null: the daemon does not tell. */
  readonly rights: Rights | null;
  readonly size: { readonly columns: number; readonly rows: number };
}

/** Below this nothing is drawn, in columns and rows: a phone that is held upright has about so many. */
export const least = { columns: 40, rows: 14 } as const;

/** Nothing can be drawn, so no key does anything that would have to be seen. */
export function isTooSmall({ size: { columns, rows } }: Pick<State, 'size'>): boolean {
  return columns < least.columns || rows < least.rows;
}

/** Why a key or a command that changes something does nothing. */
export function readOnlyWords({ rights }: Pick<State, 'rights'>): string {
  return rights?.role === 'read' ? 'your token may look, and change nothing' : 'this dashboard is read-only';
}

/** A dashboard that has just been opened. */
export function opened(
  options: Pick<State, 'readOnly' | 'size'> & {
    readonly room: string | null;
    readonly rights?: Rights | null;
  },
): State {
  const { room, rights = null, size } = options;
  const readOnly = options.readOnly || rights?.role === 'read';
  return {
    place: room === null ? { at: 'rooms' } : { at: 'room', room, pane: 'programme' },
    over: { is: 'nothing' },
    rooms: { chosen: room, order: 0, filter: '' },
    viewers: { chosen: null, order: 0, filter: '' },
    ...{ top: 0, said: null, undos: [], typed: [], readOnly, rights, size },
  };
}
