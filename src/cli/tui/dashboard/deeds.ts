import type { Viewer } from '../../../contract/models.ts';
import { quoted } from '../../../contract/quoted.ts';
import { banOf, banQuestion, kickQuestion } from './act-on-viewers.ts';
import type { Effect, Update } from './action.ts';
import type { Deed } from './key-map.ts';
import { promptOf } from './prompt.ts';
import { chosenAt, listedRooms, listedViewers, roomOf, type Seen } from './seen.ts';
import { type List, type Over, panes, type State } from './state.ts';

/** What becomes of the dashboard by what a key does. */
export function deedDone(state: State, deed: Deed, seen: Seen): Update {
  const { place } = state;
  const to = (changes: Partial<State>, ...effects: Effect[]): Update => ({
    state: { ...state, ...changes },
    effects,
  });
  const said = (text: string) => to({ said: { text, tint: 'bad' } });
  const typing = (text: string): Update =>
    to(
      { over: { is: 'types', what: 'command', prompt: promptOf(text), candidates: [], before: null } },
      { do: 'complete', line: text },
    );
  const room = place.at === 'room' ? place.room : place.at === 'rooms' ? chosenRoom(state, seen) : null;
  const inRoom = room === null ? '' : ` --room ${quoted(room)}`;

  switch (deed) {
    case 'quit':
      return to({}, { do: 'quit' });
    case 'suspend':
    case 'redraw':
      return to({}, { do: deed });
    case 'help':
      return to({ over: { is: 'help', top: 0 } });
    case 'rooms':
      return to({ place: { at: 'rooms' }, top: 0 });
    case 'machine':
      return to({ place: { at: 'machine' }, top: 0 });
    case 'back': {
      const key = filteredList(state);
      if (key && state[key].filter !== '') return to({ [key]: { ...state[key], filter: '' } });
      return place.at === 'rooms' ? to({}) : to({ place: { at: 'rooms' }, top: 0 });
    }
    case 'open': {
      if (room === null || !roomOf(seen, room)) return to({});
      const viewers: List = { ...state.viewers, chosen: null, filter: '' };
      return to({ place: { at: 'room', room, pane: 'programme' }, viewers, top: 0 });
    }
    case 'nextPane':
    case 'previousPane': {
      if (place.at !== 'room') return to({});
      const step = deed === 'nextPane' ? 1 : panes.length - 1;
      const pane = panes[(panes.indexOf(place.pane) + step) % panes.length] ?? 'programme';
      return to({ place: { ...place, pane }, top: 0 });
    }
    case 'filter': {
      const key = filteredList(state);
      if (!key) return to({});
      const prompt = promptOf(state[key].filter);
      return to({ over: { is: 'types', what: 'filter', prompt, candidates: [], before: null } });
    }
    case 'sort': {
      const key = filteredList(state);
      return key ? to({ [key]: { ...state[key], order: state[key].order + 1 } }) : to({});
    }
    case 'command':
      return typing('');
    case 'undo': {
      const [last, ...undos] = state.undos;
      return last ? to({ undos }, { do: 'act', act: last.act }) : said('there is nothing to undo');
    }
    case 'start':
      return typing(`stream --detach${inRoom} --file `);
    case 'up':
    case 'down':
    case 'pageUp':
    case 'pageDown':
    case 'first':
    case 'last':
      return moved(state, deed, seen);
    default:
      break;
  }

  if (deed === 'kick' || deed === 'ban' || deed === 'message' || deed === 'lowerHand') {
    const viewer = room === null ? null : chosenViewer(state, room, seen);
    if (!viewer) return said('that viewer has left; choose another one');
    if (deed === 'lowerHand') {
      if (!viewer.hand) return said(`the hand of ${viewer.id} is not up`);
      return to({}, { do: 'act', act: { is: 'lowerHand', viewer: viewer.id } });
    }
    const all = listedViewers(seen, viewer.room, { ...state.viewers, filter: '' });
    return to({ over: overViewer(deed, viewer, all) });
  }
  if (room === null) return said('choose a room first');
  const here = roomOf(seen, room);
  if (!here) return said(`${room} is gone`);
  if (deed === 'still') return to({ over: { is: 'still', room, picture: null } }, { do: 'still', room });
  if (deed === 'announce')
    return to({ over: { is: 'says', to: { is: 'announce', room }, prompt: promptOf('') } });
  if (!here.broadcast) return said(`nothing is on air in ${room}; s puts something on`);
  if (deed === 'seek' || deed === 'take') return typing(`${deed}${inRoom} `);
  if (deed === 'stop') {
    const { name, id } = here.broadcast;
    const viewers = here.audience.viewers;
    const words = `Take '${name}' off air in ${room}${viewers > 0 ? `, which ${viewers} watch` : ''}?`;
    return to({ over: { is: 'asks', words, act: { is: 'stop', room, broadcast: id } } });
  }
  return to({}, { do: 'act', act: { is: 'deed', deed, room } });
}

/** The room that is chosen; null: none is, or the filter hides it. */
function chosenRoom({ rooms }: State, seen: Seen): string | null {
  const { chosen } = rooms;
  const isListed = listedRooms(seen, rooms).some(({ name }) => name === chosen);
  return chosen !== null && !isListed && roomOf(seen, chosen) ? null : chosen;
}

/** The viewer that is chosen; null: none is, or it has left. */
function chosenViewer({ viewers }: State, room: string, seen: Seen): Viewer | null {
  const listed = listedViewers(seen, room, viewers);
  return (
    listed[
      chosenAt(
        listed.map(({ id }) => id),
        viewers,
      )
    ] ?? null
  );
}

function overViewer(deed: 'kick' | 'ban' | 'message', viewer: Viewer, all: readonly Viewer[]): Over {
  const { id } = viewer;
  switch (deed) {
    case 'kick':
      return { is: 'asks', words: kickQuestion(viewer), act: { is: 'kick', viewer: id } };
    case 'ban':
      return { is: 'asks', words: banQuestion(viewer, all), act: banOf(viewer) };
    case 'message':
      return { is: 'says', to: { is: 'message', viewer: id }, prompt: promptOf('') };
  }
}

/** The list that is filtered and sorted here; null: none. */
function filteredList({ place }: State): 'rooms' | 'viewers' | null {
  if (place.at === 'rooms') return 'rooms';
  return place.at === 'room' && place.pane === 'viewers' ? 'viewers' : null;
}

type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

function moved(state: State, move: Move, seen: Seen): Update {
  const page = Math.max(1, state.size.rows - 8);
  const step = { up: -1, down: 1, pageUp: -page, pageDown: page, first: -1e9, last: 1e9 }[move];
  const key = filteredList(state);
  if (!key) return { state: { ...state, top: Math.max(0, state.top + step) }, effects: [] };
  const ids = idsOf(state, key, seen);
  const at = Math.min(ids.length - 1, Math.max(0, chosenAt(ids, state[key]) + step));
  return { state: { ...state, [key]: { ...state[key], chosen: ids[at] ?? null } }, effects: [] };
}

function idsOf(state: State, key: 'rooms' | 'viewers', seen: Seen): string[] {
  if (key === 'rooms') return listedRooms(seen, state.rooms).map(({ name }) => name);
  const room = state.place.at === 'room' ? state.place.room : '';
  return listedViewers(seen, room, state.viewers).map(({ id }) => id);
}
