import type { Update } from './action.ts';
import { nothingSaid } from './output-rows.ts';
import { currentWord, type Key, type Prompt, promptOf, shellWords, typed } from './prompt.ts';
import { listedRooms, listedViewers, type Seen } from './seen.ts';
import { type Candidate, type Over, readOnlyWords, type State } from './state.ts';

type Typing = Extract<Over, { is: 'types' }>;

/** So many lines are remembered. */
const mostTyped = 100;

/** What becomes of a line that is being typed by a key. */
export function typedKey(state: State, over: Typing, key: Key, seen: Seen): Update {
  const filtering = over.what === 'filter';
  const closed: State = { ...state, over: { is: 'nothing' } };
  switch (key.name) {
    case 'escape':
    case 'ctrl+c':
      return { state: filtering ? withFilter(closed, '', seen) : closed, effects: [] };
    case 'enter':
      return filtering ? { state: closed, effects: [] } : entered(state, over);
    case 'tab':
      return filtering ? { state, effects: [] } : completed(state, over);
    case 'up':
    case 'down':
      return { state: { ...state, over: remembered(state, over, key.name) }, effects: [] };
    default: {
      const prompt = typed(over.prompt, key);
      if (!prompt) return { state, effects: [] };
      const typing: State = { ...state, over: { ...over, prompt, candidates: [], before: null } };
      if (filtering) return { state: withFilter(typing, prompt.text, seen), effects: [] };
      return { state: typing, effects: [{ do: 'complete', line: prompt.text }] };
    }
  }
}

function entered(state: State, { prompt }: Typing): Update {
  const line = prompt.text.trim();
  const nothing: State = { ...state, over: { is: 'nothing' } };
  if (line === '') return { state: nothing, effects: [] };
  const words = shellWords(line);
  if (!words)
    return {
      state: { ...state, said: { text: 'expected the end of what is quoted', tint: 'bad' } },
      effects: [],
    };
  const argv = words[0] === 'mirolive' ? words.slice(1) : words;
  const [verb = ''] = argv;
  const refusal = refusalOf(argv, state);
  if (refusal !== null) return { state: { ...nothing, said: { text: refusal, tint: 'bad' } }, effects: [] };
  if (['q', 'quit', 'exit'].includes(verb)) return { state: nothing, effects: [{ do: 'quit' }] };
  const typedLines = [line, ...state.typed.filter((other) => other !== line)].slice(0, mostTyped);
  const over: Over = { is: 'output', command: line, said: nothingSaid, top: 0, status: null };
  return { state: { ...state, over, typed: typedLines, said: null }, effects: [{ do: 'run', argv }] };
}

/** Commands that ask, and change nothing: all that a dashboard runs which is read-only. */
const asking: Readonly<Record<string, readonly string[] | 'all'>> = {
  ...{ status: 'all', broadcasts: 'all', devices: 'all', programme: 'all', help: 'all', audit: 'all' },
  ...{ probe: 'all', events: 'all', export: 'all', diff: 'all', 'upgrade-check': 'all', doctor: 'all' },
  ...{
    logs: 'all',
    rooms: ['', 'show', 'list'],
    viewers: ['', 'list', 'bans'],
    publishers: ['', 'list'],
    hands: ['', 'list'],
  },
  ...{ schedule: ['', 'list', 'show', 'next'], keys: ['list'], playlist: ['', 'show', 'check', 'list'] },
  ...{
    report: 'all',
    tokens: ['list'],
    links: ['list'],
    webhooks: ['list', 'log'],
    context: ['list', 'current'],
  },
  ...{
    state: ['check'],
    completion: 'all',
    'log-level': [''],
    config: ['check', 'show'],
    quit: 'all',
    q: 'all',
    exit: 'all',
  },
};

/** Why a command is not run; null: it is. */
function refusalOf(argv: readonly string[], state: State): string | null {
  const [verb = '', second] = argv;
  if (verb === 'tui') return 'this is the dashboard';
  if (verb === 'daemon' && second !== 'stop' && !argv.includes('--background'))
    return 'a daemon that stays has a terminal of its own: daemon --background';
  if (!state.readOnly) return null;
  const known = Object.hasOwn(asking, verb) ? asking[verb] : undefined;
  const below = subcommandOf(argv);
  const allowed = known === 'all' || (below !== null && known?.includes(below)) || isHelp(argv);
  return allowed ? null : readOnlyWords(state);
}

/**
 * Empty: none is given. An option may stand before it, and only of `--room` it is known here that the next word is its value: any
 * other word behind an option may be a subcommand, and counts as one that is not known.
 */
function subcommandOf([, ...words]: readonly string[]): string | null {
  const [below = ''] = words;
  if (!below.startsWith('-')) return below;
  return words.every((word, i) => word.startsWith('-') || words[i - 1] === '--room') ? '' : null;
}

/** Whether nothing but help can come of it: behind an option `--help` may be its value, behind `--` a word. */
function isHelp(argv: readonly string[]): boolean {
  return argv.at(-1) === '--help' && argv.slice(0, -1).every((word) => !word.startsWith('-'));
}

/** Takes the candidate where there is one, else what all of them begin with. */
function completed(state: State, over: Typing): Update {
  const { prompt } = over;
  const candidates = over.candidates.filter(({ word }) => word !== '');
  if (candidates.length === 0) return { state, effects: [{ do: 'complete', line: prompt.text }] };
  const word = currentWord(prompt.text);
  const [only] = candidates;
  const whole =
    candidates.length === 1 && only
      ? `${only.word}${/[=/]$/.test(only.word) ? '' : ' '}`
      : common(candidates);
  if (whole.length <= word.length && candidates.length > 1) return { state, effects: [] };
  const line = prompt.text.slice(0, prompt.text.length - word.length) + whole;
  return {
    state: { ...state, over: { ...over, prompt: promptOf(line), candidates: [] } },
    effects: [{ do: 'complete', line }],
  };
}

function common(candidates: readonly Candidate[]): string {
  const [first = '', ...others] = candidates.map(({ word }) => word);
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

function remembered(state: State, over: Typing, way: 'up' | 'down'): Typing {
  if (over.what === 'filter') return over;
  const at = (over.before ?? -1) + (way === 'up' ? 1 : -1);
  const line = state.typed[at];
  const prompt: Prompt | null = line === undefined ? (at < 0 ? promptOf('') : null) : promptOf(line);
  return prompt ? { ...over, prompt, candidates: [], before: at < 0 ? null : at } : over;
}

/** What is chosen and does not hold the filter gives way to the first that does. */
function withFilter(state: State, filter: string, seen: Seen): State {
  const { place } = state;
  if (place.at === 'rooms') {
    const rooms = { ...state.rooms, filter };
    const names = listedRooms(seen, rooms).map(({ name }) => name);
    return { ...state, rooms: { ...rooms, chosen: nearest(names, rooms.chosen) } };
  }
  if (place.at !== 'room' || place.pane !== 'viewers') return state;
  const viewers = { ...state.viewers, filter };
  const ids = listedViewers(seen, place.room, viewers).map(({ id }) => id);
  return { ...state, viewers: { ...viewers, chosen: nearest(ids, viewers.chosen) } };
}

function nearest(ids: readonly string[], chosen: string | null): string | null {
  return chosen !== null && ids.includes(chosen) ? chosen : (ids[0] ?? chosen);
}
