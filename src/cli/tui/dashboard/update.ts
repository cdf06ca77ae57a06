import type { Action, Effect, Update } from './action.ts';
import { deedDone } from './deeds.ts';
import { bindingOf, type Where } from './key-map.ts';
import { saidAnew, saidMore } from './output-rows.ts';
import type { Key } from './prompt.ts';
import { saidKey } from './saying.ts';
import { listedRooms, type Seen } from './seen.ts';
import { isTooSmall, type Over, readOnlyWords, type State } from './state.ts';
import { typedKey } from './typing.ts';

const mostUndos = 20;

/** What becomes of the dashboard by an action. Pure. */
export function update(state: State, action: Action, seen: Seen): Update {
  const to = (changes: Partial<State>): Update => ({ state: { ...state, ...changes }, effects: [] });
  const { over } = state;
  switch (action.type) {
    case 'key':
      return keyed(state, action.key, seen);
    case 'resized':
      return to({ size: action.size, over: resized(over, action.size) });
    case 'seen': {
      const [first] = state.rooms.chosen === null ? listedRooms(seen, state.rooms) : [];
      return first ? to({ rooms: { ...state.rooms, chosen: first.name } }) : to({});
    }
    case 'said':
      return to({ said: { text: action.text, tint: action.tint } });
    case 'did': {
      const { words, undo } = action;
      const undos = undo ? [{ words, act: undo }, ...state.undos].slice(0, mostUndos) : state.undos;
      return to({ said: { text: undo ? `${words}; u takes it back` : words, tint: 'good' }, undos });
    }
    case 'candidates':
      if (over.is !== 'types' || over.prompt.text !== action.line) return to({});
      return to({ over: { ...over, candidates: action.candidates } });
    case 'printed':
      if (over.is !== 'output') return to({});
      return to({ over: { ...over, said: saidMore(over.said, action.text, state.size.columns) } });
    case 'closed':
      return to({ over: { is: 'nothing' } });
    case 'ended':
      return over.is === 'output' ? to({ over: { ...over, status: action.status } }) : to({});
    case 'still':
      if (over.is !== 'still' || over.room !== action.room) return to({});
      return to({ over: { ...over, picture: action.picture } });
  }
}

/** Where the dashboard is, as keys see it. */
export function whereIs({ place }: State): Where[] {
  if (place.at === 'machine') return ['lists'];
  if (place.at === 'rooms') return ['lists', 'rooms', 'aired'];
  return place.pane === 'viewers' ? ['lists', 'room', 'aired', 'viewers'] : ['lists', 'room', 'aired'];
}

function keyed(state: State, key: Key, seen: Seen): Update {
  const { over } = state;
  const to = (changes: Partial<State>, ...effects: Effect[]): Update => ({
    state: { ...state, ...changes },
    effects,
  });
  const closed: Partial<State> = { over: { is: 'nothing' } };
  if (key.name === 'ctrl+z') return to({}, { do: 'suspend' });
  if (isTooSmall(state)) {
    const isQuit = bindingOf(key.name, whereIs(state))?.does === 'quit';
    return isQuit ? deedDone(state, 'quit', seen) : to({});
  }
  if (key.name === 'ctrl+l') return to({}, { do: 'redraw' });
  switch (over.is) {
    case 'types':
      return typedKey(state, over, key, seen);
    case 'says':
      return saidKey(state, over, key);
    case 'asks':
      if (key.name === 'y') return to({ ...closed, said: null }, { do: 'act', act: over.act });
      return to({ ...closed, said: { text: 'nothing was done', tint: 'dim' } });
    case 'help': {
      const top = scrolled(over.top, key, state.size.rows);
      return top === null ? to(closed) : to({ over: { ...over, top } });
    }
    case 'output': {
      const isRunning = over.status === null;
      if (key.name === 'ctrl+c' && isRunning) return to({}, { do: 'interrupt' });
      const top = scrolled(over.top, key, state.size.rows);
      if (top !== null)
        return to({ over: { ...over, top: Math.min(top, Math.max(0, over.said.rows.length - 1)) } });
      if (key.name !== 'escape' && key.name !== 'q' && key.name !== 'enter') return to({});
      return isRunning ? to(closed, { do: 'interrupt' }) : to(closed);
    }
    case 'still':
      if (key.name === 'p') return to({ over: { ...over, picture: null } }, { do: 'still', room: over.room });
      return to(closed, { do: 'redraw' });
    case 'nothing': {
      const binding = bindingOf(key.name, whereIs(state));
      if (!binding) return to({});
      if (binding.changes && state.readOnly) return to({ said: { text: readOnlyWords(state), tint: 'bad' } });
      return deedDone({ ...state, said: null }, binding.does, seen);
    }
  }
}

function resized(over: Over, { columns }: State['size']): Over {
  return over.is === 'output' ? { ...over, said: saidAnew(over.said, columns) } : over;
}

/** Where a text begins after a key; null: the key does not move it. */
export function scrolled(top: number, { name }: Key, rows: number): number | null {
  const page = Math.max(1, rows - 4);
  const steps: Readonly<Record<string, number>> = {
    ...{
      up: -1,
      k: -1,
      down: 1,
      j: 1,
      pageup: -page,
      pagedown: page,
      space: page,
      home: -1e9,
      g: -1e9,
      end: 1e9,
    },
  };
  const step = steps[name];
  return step === undefined ? null : Math.max(0, top + step);
}
