import { systemClock } from '../../../contract/clock.ts';
import { asMiroliveError } from '../../../contract/errors.ts';
import type { Rights } from '../../../contract/rights.ts';
import type { Client } from '../../client.ts';
import type { Context } from '../../program/context.ts';
import { placeArguments } from '../../program/environment.ts';
import type { Action, Effect } from './action.ts';
import { askTerminal } from './ask-terminal.ts';
import { createEffects } from './effects.ts';
import { frame } from './layout/frame.ts';
import { paceDrawing } from './pacing.ts';
import type { Key } from './prompt.ts';
import { takeScreen } from './screen.tsx';
import type { Seen } from './seen.ts';
import { opened, type State } from './state.ts';
import { drawStill } from './still/draw-still.ts';
import { withoutKitty } from './still/escapes.ts';
import { themeOf } from './terminal-kind.ts';
import { written } from './theme.ts';
import { update } from './update.ts';
import { watchDaemon } from './watching.ts';

/** What the dashboard is opened with. */
export interface DashboardOptions {
  readonly context: Context;
  readonly client: Client;
  readonly stdout: NodeJS.WriteStream;
  /** The room that it begins with; null: with all of them. */
  readonly room: string | null;
  readonly readOnly: boolean;
  /** What whoever looks may; null: the daemon does not tell. */
  readonly rights: Rights | null;
}

/** Lines of a still's screen that are not the picture. */
const stillMargin = 5;
/** A shell stops a program at once; one that is not stopped is drawn again after this, in ms. */
const stoppedMs = 50;

/** Shows the dashboard until somebody leaves it; gives the exit status. */
export async function openDashboard(options: DashboardOptions): Promise<number> {
  const { context, client, stdout, readOnly, rights, room } = options;
  const { environment, output, flags } = context;
  const asked = await askTerminal(environment.variables, themeOf(environment.variables, output.color), {
    stdin: context.stdin(),
    stdout,
  });
  const { theme, pictures } = asked;
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const left = Promise.withResolvers<number>();
  const over = new AbortController();
  let state: State = opened({ readOnly, rights, room, size: size() });
  let seen: Seen = {
    view: null,
    whole: null,
    link: { is: 'up' },
    counts: new Map(),
    events: [],
    now: Date.now(),
  };
  let screen: ReturnType<typeof takeScreen> | null = null;

  const pacing = paceDrawing(systemClock, () => {
    seen = { ...seen, now: Date.now() };
    screen?.show(frame(state, seen).map((line) => written(line, theme)));
  });
  const take = () => {
    const onKey = (key: Key) => dispatch({ type: 'key', key });
    screen = takeScreen({ stdin: context.stdin(), stdout, onKey, onResize: resized });
    resized();
  };
  const resized = () => dispatch({ type: 'resized', size: size() });
  const give = () => {
    screen?.[Symbol.dispose]();
    screen = null;
  };
  const dispatch = (action: Action): void => {
    const { state: next, effects } = update(state, action, seen);
    state = next;
    for (const effect of effects) perform(effect);
    if (action.type === 'resized') pacing.atOnce();
    else if (action.type === 'key') pacing.afterKey();
    else pacing.afterNews();
    watching.follow(state.place.at === 'room' ? state.place.room : null);
  };
  const effects = createEffects({
    client,
    dispatch,
    seen: () => seen,
    runLine: (argv, print, signal) =>
      context.again(argv, {
        stdout: printer(print, size().columns),
        stderr: printer(print),
        interrupts: () => signal,
        // What is on the screen is what it acts on, whatever context is in use meanwhile.
        place: client.place,
      }),
    places: placeArguments(flags),
    files: { cwd: environment.cwd, areHere: client.place.kind === 'socket' },
  });
  const perform = (effect: Effect): void => {
    if (effect.do === 'quit') left.resolve(0);
    else if (effect.do === 'redraw') {
      if (pictures === 'kitty') stdout.write(withoutKitty);
      give();
      take();
    } else if (effect.do === 'suspend') {
      give();
      // As a terminal would: to all of the line that a shell runs.
      process.kill(0, 'SIGTSTP');
      setTimeout(take, stoppedMs);
    } else if (effect.do === 'still') void showStill(effect.room).catch(failed);
    else effects(effect);
  };
  const failed = (error: unknown) => {
    dispatch({ type: 'closed' });
    dispatch({ type: 'said', text: asMiroliveError(error).message, tint: 'bad' });
  };
  const showStill = async (still: string): Promise<void> => {
    const { columns, rows } = state.size;
    const cells = { columns, rows: rows - stillMargin };
    const answer = await client.call('getStill', { room: still });
    const kind = theme.unicode && theme.colours !== 'none' ? pictures : 'blocks';
    const drawn = drawStill(answer, kind, cells, theme);
    if (drawn.is === 'lines') return dispatch({ type: 'still', room: still, picture: drawn.lines });
    dispatch({ type: 'still', room: still, picture: 'drawn' });
    pacing.atOnce();
    // Saved, to the third line, and back (DECSC, CUP, DECRC).
    if (state.over.is === 'still') stdout.write(`\u001b7\u001b[3;1H${drawn.text}\u001b8`);
  };
  const watching = watchDaemon(client, over.signal, {
    tell: (changes) => {
      seen = { ...seen, ...changes(seen) };
      dispatch({ type: 'seen' });
    },
    // What no waiting mends, such as a daemon of another version.
    fail: left.reject,
  });

  const interrupts = context.interrupts();
  interrupts.addEventListener('abort', () => left.resolve(Number(interrupts.reason)), { once: true });
  take();
  watching.follow(room);
  try {
    return await left.promise;
  } finally {
    pacing[Symbol.dispose]();
    over.abort();
    give();
  }
}

/** A sink that gives what it gets as it comes. */
function printer(print: (text: string) => void, columns?: number) {
  const write = (text: string) => {
    print(text);
    return true;
  };
  return columns === undefined ? { write } : { write, columns };
}
