import { describe, expect, it } from 'vitest';
import type { Action, Effect } from '../../../../src/cli/tui/dashboard/action.ts';
import type { Seen } from '../../../../src/cli/tui/dashboard/seen.ts';
import { opened, type State } from '../../../../src/cli/tui/dashboard/state.ts';
import { update } from '../../../../src/cli/tui/dashboard/update.ts';
import type { Viewer } from '../../../../src/contract/models.ts';
import { viewer } from '../../samples.ts';
import { hall, lobby, seenOf } from './sample-view.ts';

const size = { columns: 80, rows: 24 };
const seen = seenOf([lobby, hall]);
const fresh = { room: null, readOnly: false, size };

/** What becomes of a dashboard by keys, and what is to be done: by the last of them. */
function keyed(
  keys: readonly string[],
  { from = opened(fresh), see = seen }: { from?: State; see?: Seen } = {},
) {
  let state = update(from, { type: 'seen' }, see).state;
  let effects: readonly Effect[] = [];
  for (const name of keys) {
    const action: Action = {
      type: 'key',
      key: { name, text: name.length === 1 ? name : name === 'space' ? ' ' : '' },
    };
    ({ state, effects } = update(state, action, see));
  }
  return { state, effects };
}

const typing = (text: string) => [...text].map((letter) => (letter === ' ' ? 'space' : letter));

describe('The dashboard', () => {
  it('begins with the room in trouble, and stays with a room whatever becomes of the order', () => {
    const { state } = keyed([]);
    expect(state.rooms.chosen).toBe('hall');
    const well = seenOf([lobby, { ...hall, health: { word: 'well', reason: null } }]);
    expect(keyed(['space'], { from: state, see: well }).effects).toEqual([
      { do: 'act', act: { is: 'deed', deed: 'pause', room: 'hall' } },
    ]);
  });

  it('does nothing to another room where the one that was chosen is gone', () => {
    const { state } = keyed(['m']);
    const gone = keyed(['m'], { from: state, see: seenOf([lobby]) });
    expect(gone.effects).toEqual([]);
    expect(gone.state.said?.text).toBe('hall is gone');
  });

  it('opens a room, goes round its panes and back', () => {
    expect(keyed(['down', 'enter']).state.place).toEqual({ at: 'room', room: 'lobby', pane: 'programme' });
    expect(keyed(['down', 'enter', 'tab', 'tab']).state.place).toMatchObject({ pane: 'publishers' });
    expect(keyed(['down', 'enter', 'shift+tab']).state.place).toMatchObject({ pane: 'events' });
    expect(keyed(['down', 'enter', 'escape']).state.place).toEqual({ at: 'rooms' });
  });

  it('takes a room off air only when it is said yes to, by the broadcast that was seen', () => {
    const asked = keyed(['down', 'x']);
    expect(asked.effects).toEqual([]);
    expect(asked.state.over).toMatchObject({
      is: 'asks',
      words: "Take 'talk.mp4' off air in lobby, which 12 watch?",
    });
    const stop = { is: 'stop', room: 'lobby', broadcast: 'b-aaaaaaaaaa' };
    expect(keyed(['y'], { from: asked.state }).effects).toEqual([{ do: 'act', act: stop }]);
    for (const no of ['n', 'enter', 'escape', 'q', 'x']) {
      const { effects, state } = keyed([no], { from: asked.state });
      expect(effects).toEqual([]);
      expect(state.over.is).toBe('nothing');
    }
  });

  it('does nothing that could not be seen, by a question that is open neither, until there is place', () => {
    const small = { columns: 45, rows: 13 };
    const asked = keyed(['x']).state;
    for (const from of [
      { ...opened(fresh), size: small },
      { ...asked, size: small },
    ])
      for (const key of ['m', 'x', 'y', 'space', 'K', ':', 'n'])
        expect(keyed([key], { from })).toEqual({ state: keyed([], { from }).state, effects: [] });
    expect(keyed(['q'], { from: { ...asked, size: small } }).effects).toEqual(keyed(['q']).effects);
    expect(keyed(['y'], { from: asked }).effects).toMatchObject([{ do: 'act', act: { is: 'stop' } }]);
  });

  it('undoes what was done, the last first, once', () => {
    const back = {
      is: 'control',
      room: 'hall',
      broadcast: 'b-a',
      command: { type: 'resume' },
      words: 'w',
    } as const;
    const { state } = update(keyed([]).state, { type: 'did', words: 'hall is paused', undo: back }, seen);
    expect(state.said?.text).toBe('hall is paused; u takes it back');
    const undone = keyed(['u'], { from: state });
    expect(undone.effects).toEqual([{ do: 'act', act: back }]);
    expect(keyed(['u'], { from: undone.state }).effects).toEqual([]);
  });

  it.each(['s', 'x', 'n', 'b', '[', ']', 'e', 'space', 'l', 't', 'r', 'm', '+', '-', 'u'])(
    'refuses %s where it is read-only',
    (key) => {
      const { state, effects } = keyed([key], { from: opened({ ...fresh, readOnly: true }) });
      expect(effects).toEqual([]);
      expect(state.said?.text).toBe('this dashboard is read-only');
    },
  );

  it('is read-only for whose token may only look, and says why', () => {
    const from = opened({ ...fresh, rights: { role: 'read', rooms: null } });
    for (const keys of [['x'], [':', ...typing('stop --room hall'), 'enter']]) {
      const { state, effects } = keyed(keys, { from });
      expect(effects).toEqual([]);
      expect(state.said?.text).toBe('your token may look, and change nothing');
    }
    const operates = opened({ ...fresh, rights: { role: 'operator', rooms: ['hall'] } });
    expect(keyed(['m'], { from: operates }).effects).not.toEqual([]);
  });

  it.each([
    { line: 'stop --room hall', runs: false },
    { line: 'rooms set hall hold=3s', runs: false },
    { line: 'keys create --room hall', runs: false },
    { line: 'constructor', runs: false },
    { line: 'viewers --json kick v-1', runs: false },
    { line: 'viewers --socket list kick v-1', runs: false },
    { line: 'viewers --room lobby kick v-1', runs: false },
    { line: 'rooms --json set lobby access=closed', runs: false },
    { line: 'playlist --json next', runs: false },
    { line: 'viewers announce -- --help', runs: false },
    { line: 'viewers announce hi --room --help', runs: false },
    { line: 'viewers --json --room hall', runs: true },
    { line: 'viewers list --json', runs: true },
    { line: 'status', runs: true },
    { line: 'viewers --room hall', runs: true },
    { line: 'stop --help', runs: true },
  ])('runs of commands that are typed, read-only, those that ask: $line', ({ line, runs }) => {
    const from = opened({ ...fresh, readOnly: true });
    const { effects } = keyed([':', ...typing(line), 'enter'], { from });
    expect(effects).toEqual(runs ? [{ do: 'run', argv: line.split(' ') }] : []);
  });

  it('types a command with its words, quotes and history', () => {
    const typed = keyed([':', ...typing("take 'a b.mp4'"), 'enter']);
    expect(typed.effects).toEqual([{ do: 'run', argv: ['take', 'a b.mp4'] }]);
    const again = keyed(['escape', ':', 'up', 'enter'], { from: typed.state });
    expect(again.effects).toEqual([{ do: 'run', argv: ['take', 'a b.mp4'] }]);
    expect(keyed([':', ...typing("take 'a"), 'enter']).effects).toEqual([]);
    expect(keyed([':', ...typing('tui'), 'enter']).state.said?.text).toBe('this is the dashboard');
  });

  it('completes a word by what all candidates begin with, and by the only one', () => {
    const typed = keyed([':', ...typing('st')]).state;
    const candidates = ['status', 'state', 'stat'].map((word) => ({ word, meaning: '' }));
    const offered = update(typed, { type: 'candidates', line: 'st', candidates }, seen).state;
    expect(keyed(['tab'], { from: offered }).state.over).toMatchObject({ prompt: { text: 'stat', at: 4 } });
    const only = update(
      typed,
      { type: 'candidates', line: 'st', candidates: candidates.slice(0, 1) },
      seen,
    ).state;
    expect(keyed(['tab'], { from: only }).state.over).toMatchObject({ prompt: { text: 'status ', at: 7 } });
    const late = update(typed, { type: 'candidates', line: 's', candidates }, seen).state;
    expect(late.over).toMatchObject({ candidates: [] });
  });

  it('filters while it is typed; Escape ends that', () => {
    const filtered = keyed(['/', ...typing('lob'), 'enter']).state;
    expect(filtered.rooms.filter).toBe('lob');
    expect(keyed(['escape'], { from: filtered }).state.rooms.filter).toBe('');
    expect(keyed(['/', 'l', 'escape']).state.rooms.filter).toBe('');
    // What it hides is meant by no key.
    expect(filtered.rooms.chosen).toBe('lobby');
    const hidden = { ...filtered, rooms: { ...filtered.rooms, chosen: 'hall' } };
    expect(keyed(['m'], { from: hidden })).toMatchObject({
      effects: [],
      state: { said: { text: 'choose a room first' } },
    });
  });

  it('pastes into a line, and nowhere else', () => {
    const paste: Action = { type: 'key', key: { name: 'paste', text: 'x\ny' } };
    expect(update(keyed([]).state, paste, seen)).toMatchObject({
      effects: [],
      state: { over: { is: 'nothing' } },
    });
    const { state } = update(keyed([':']).state, paste, seen);
    expect(state.over).toMatchObject({ prompt: { text: 'x y' } });
  });

  it('folds what a command says once, and no line without end', () => {
    const { state } = keyed([':', ...typing('viewers list --json'), 'enter']);
    const text = `[${'"日", '.repeat(200_000)}]`;
    const printed = update(state, { type: 'printed', text }, seen).state;
    const said = (of: State) => (of.over.is === 'output' ? of.over.said : null);
    expect(said(printed)?.rows.length).toBeLessThan(200);
    expect(said(printed)?.rows.slice(-2).join('')).toMatch(/… and 990002 characters more: +outside/);
    expect(said(keyed(['end'], { from: printed }).state)).toBe(said(printed));
    const wide = update(printed, { type: 'resized', size: { columns: 120, rows: 24 } }, seen).state;
    expect(said(wide)?.rows.length).toBeLessThan(said(printed)?.rows.length ?? 0);
  });

  it('keeps the last lines of a command, and ends it on the way out', () => {
    let { state } = keyed([':', ...typing('events'), 'enter']);
    state = update(state, { type: 'printed', text: Array(6000).fill('line').join('\n') }, seen).state;
    expect(state.over).toMatchObject({
      is: 'output',
      said: { lines: { length: 5000 }, rows: { length: 5000 } },
      status: null,
    });
    expect(keyed(['escape'], { from: state })).toMatchObject({
      effects: [{ do: 'interrupt' }],
      state: { over: { is: 'nothing' } },
    });
    const ended = update(state, { type: 'ended', status: 3 }, seen).state;
    expect(keyed(['escape'], { from: ended }).effects).toEqual([]);
  });
});

describe('Viewers', () => {
  const withViewer = (changes: Partial<Viewer> = {}, others: Readonly<Record<string, Viewer>> = {}) => {
    const see = seenOf([lobby, hall]);
    const viewers = { lobby: { [viewer.id]: { ...viewer, ...changes }, ...others } };
    return { ...see, whole: see.whole && { ...see.whole, viewers } };
  };
  const inPane = keyed(['down', 'enter', 'tab']).state;

  it.each([
    {
      ...{ key: 'K', changes: {}, act: { is: 'kick', viewer: viewer.id } },
      words: 'Put out v-aaaaaaaaaa (192.0.2.9, Chrome 126 on Android)?',
    },
    {
      ...{ key: 'B', changes: {}, act: { is: 'ban', viewer: viewer.id, room: 'lobby' } },
      words: 'Ban the browser of v-aaaaaaaaaa from lobby (192.0.2.9, Chrome 126 on Android)?',
    },
    {
      ...{ key: 'B', changes: { browser: null }, act: { is: 'ban', viewer: viewer.id, room: 'lobby' } },
      words: 'Ban the address 192.0.2.9, whoever has it (2 other viewers), from lobby?',
    },
    {
      ...{ key: 'B', changes: { browser: null, guest: null } },
      act: { is: 'ban', viewer: viewer.id, room: 'lobby', address: true },
      words: 'Ban the address 192.0.2.9, whoever has it (2 other viewers), from lobby?',
    },
    {
      ...{ key: 'B', changes: { guest: 'g-aaaaaaaaaa', link: 'l-aaaaaaaaaa' } },
      act: { is: 'ban', viewer: viewer.id, room: 'lobby' },
      words:
        'Ban guest v-aaaaaaaaaa and its browser from lobby (192.0.2.9, Chrome 126 on Android, link l-aaaaaaaaaa)?',
    },
  ])('are put out only when it is said yes to: $words', ({ key, changes, act, words }) => {
    const another = (id: string, address = viewer.address) => ({ [id]: { ...viewer, id, address } });
    const others = { ...another('v-bbbbbbbbbb'), ...another('v-cccccccccc'), ...another('v-d', '192.0.2.8') };
    const asked = keyed([key], { from: inPane, see: withViewer(changes, others) });
    expect([asked.effects, asked.state.over]).toMatchObject([[], { is: 'asks', words }]);
    expect(keyed(['y'], { from: asked.state }).effects).toEqual([{ do: 'act', act }]);
    expect(keyed(['enter'], { from: asked.state }).effects).toEqual([]);
  });

  it('have their hand lowered at once, where it is up', () => {
    const hand = { name: 'Anna', raisedAt: '2026-01-01T00:00:00.000Z' };
    const up = keyed(['H'], { from: inPane, see: withViewer({ hand }) });
    expect(up.effects).toEqual([{ do: 'act', act: { is: 'lowerHand', viewer: viewer.id } }]);
    for (const none of [null, undefined]) {
      const { state, effects } = keyed(['H'], { from: inPane, see: withViewer({ hand: none }) });
      expect([effects, state.said?.text]).toEqual([[], `the hand of ${viewer.id} is not up`]);
    }
  });

  it('are told what is typed, and nothing where that is given up', () => {
    const said = keyed(['M', ...typing('You are: next?'), 'enter'], { from: inPane });
    const act = { is: 'message', viewer: viewer.id, text: 'You are: next?' };
    expect([said.effects, said.state.over]).toEqual([[{ do: 'act', act }], { is: 'nothing' }]);
    const all = keyed(['A', ...typing('Shortly'), 'enter'], { from: inPane });
    expect(all.effects).toEqual([{ do: 'act', act: { is: 'announce', room: 'lobby', text: 'Shortly' } }]);
    expect(keyed(['A', 'q', 'enter']).effects).toMatchObject([{ act: { room: 'hall', text: 'q' } }]);
    for (const end of ['escape', 'ctrl+c']) {
      const given = keyed(['M', 'a', end], { from: inPane });
      expect([given.effects, given.state.over]).toEqual([[], { is: 'nothing' }]);
    }
    const empty = keyed(['M', 'space', 'enter'], { from: inPane });
    expect([empty.effects, empty.state.over.is]).toEqual([[], 'says']);
  });

  it('who was chosen and has left is nobody else', () => {
    const from = { ...inPane, viewers: { ...inPane.viewers, chosen: 'v-bbbbbbbbbb' } };
    for (const key of ['K', 'B', 'M', 'H']) {
      const { state, effects } = keyed([key], { from, see: withViewer() });
      expect([effects, state.over.is, state.said?.text]).toEqual([
        [],
        'nothing',
        'that viewer has left; choose another one',
      ]);
    }
  });

  it.each(['K', 'B', 'M', 'H', 'A'])('%s is refused where it is read-only', (key) => {
    const { state, effects } = keyed([key], { from: { ...inPane, readOnly: true } });
    expect([effects, state.over.is, state.said?.text]).toEqual([
      [],
      'nothing',
      'this dashboard is read-only',
    ]);
  });

  it.each(['K', 'B', 'M'])('%s is nobody else where no viewers are seen', (key) =>
    expect(keyed(['down', key]).state.over.is).toBe('nothing'),
  );
});
