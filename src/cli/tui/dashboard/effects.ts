import { asMiroliveError } from '../../../contract/errors.ts';
import type { Client } from '../../client.ts';
import { type Act, commandOf } from './act.ts';
import { actOnViewers } from './act-on-viewers.ts';
import type { Action, Effect } from './action.ts';
import { candidatesOf, type Files, type RunLine } from './complete.ts';
import { roomOf, type Seen } from './seen.ts';

/** What effects work with. */
export interface Doer {
  readonly client: Pick<Client, 'call'>;
  readonly dispatch: (action: Action) => void;
  readonly seen: () => Seen;
  /** Runs a command line; `interrupt` ends it. */
  readonly runLine: (
    argv: readonly string[],
    print: (text: string) => void,
    interrupt: AbortSignal,
  ) => Promise<number>;
  /** What every command has to say, to mean the same daemon. */
  readonly places: readonly string[];
  readonly files: Files;
}

/** Does what keys ask for, but for what concerns the terminal. What goes wrong is said. */
export function createEffects(doer: Doer) {
  const { client, dispatch, seen, places, files } = doer;
  let interruption = new AbortController();
  const runLine: RunLine = (argv, print) => doer.runLine(argv, print, new AbortController().signal);
  const failed = (error: unknown) => {
    const { message, hint } = asMiroliveError(error);
    dispatch({ type: 'said', text: `${message}. ${hint}`, tint: 'bad' });
  };

  const broadcastOf = (room: string) => roomOf(seen(), room)?.broadcast?.id ?? null;

  async function act(asked: Act): Promise<void> {
    if (asked.is === 'stop') {
      const { name, room } = await client.call('stopBroadcast', { id: asked.broadcast });
      return dispatch({ type: 'did', words: `${name} is off air in ${room}`, undo: null });
    }
    if (asked.is === 'control') {
      const { room, broadcast, command, words } = asked;
      if (broadcastOf(room) !== broadcast)
        return dispatch({ type: 'said', text: `something else is on air in ${room} by now`, tint: 'bad' });
      await client.call('control', { room, command, wait: false });
      return dispatch({ type: 'did', words: `taken back: ${words}`, undo: null });
    }
    if (asked.is !== 'deed') return dispatch(await actOnViewers(client, asked));
    const { room, deed } = asked;
    const broadcast = broadcastOf(room);
    const before = await client.call('getProgramme', { room });
    const position = roomOf(seen(), room)?.figures?.positionMs ?? 0;
    const done = commandOf(deed, room, before, position);
    if (!done) return;
    await client.call('control', { room, command: done.command, wait: false });
    const { words, undo } = done;
    dispatch({
      type: 'did',
      words,
      undo: undo && broadcast !== null ? { is: 'control', room, broadcast, command: undo, words } : null,
    });
  }

  async function run(argv: readonly string[]): Promise<void> {
    const own = new AbortController();
    interruption = own;
    const { signal } = own;
    // What one says that takes its time to end is not the next one's.
    const tell = (action: Action) => {
      if (interruption === own) dispatch(action);
    };
    let rest = '';
    const status = await doer.runLine(
      [...places, ...argv],
      (text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        if (lines.length > 0 && !signal.aborted) tell({ type: 'printed', text: lines.join('\n') });
      },
      signal,
    );
    if (rest !== '') tell({ type: 'printed', text: rest });
    tell({ type: 'ended', status });
  }

  return (effect: Effect): void => {
    switch (effect.do) {
      case 'act':
        void act(effect.act).catch(failed);
        break;
      case 'run':
        void run(effect.argv).catch(failed);
        break;
      case 'interrupt':
        interruption.abort(130);
        break;
      case 'complete': {
        const { line } = effect;
        void candidatesOf(line, places, files, runLine).then(
          (candidates) => dispatch({ type: 'candidates', line, candidates }),
          // Without them the line is typed by hand.
          () => {},
        );
        break;
      }
      default:
        break;
    }
  };
}
