import type { Act } from './act.ts';
import type { Line } from './line.ts';
import type { Key } from './prompt.ts';
import type { Candidate, State } from './state.ts';

/** What happens to the dashboard. */
export type Action =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'resized'; readonly size: State['size'] }
  /** The daemon told something. */
  | { readonly type: 'seen' }
  | { readonly type: 'said'; readonly text: string; readonly tint: 'good' | 'bad' | 'dim' }
  | { readonly type: 'did'; readonly words: string; readonly undo: Act | null }
  | { readonly type: 'candidates'; readonly line: string; readonly candidates: readonly Candidate[] }
  | { readonly type: 'printed'; readonly text: string }
  /** What lies over the screen is away. */
  | { readonly type: 'closed' }
  | { readonly type: 'ended'; readonly status: number }
  | { readonly type: 'still'; readonly room: string; readonly picture: readonly Line[] | 'drawn' };

/** What is to be done beside the screen. */
export type Effect =
  | { readonly do: 'act'; readonly act: Act }
  | { readonly do: 'run'; readonly argv: readonly string[] }
  | { readonly do: 'complete'; readonly line: string }
  | { readonly do: 'still'; readonly room: string }
  | { readonly do: 'interrupt' | 'quit' | 'suspend' | 'redraw' };

/** A state, and what is to be done on the way to it. */
export interface Update {
  readonly state: State;
  readonly effects: readonly Effect[];
}
