import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../../src/cli/tui/dashboard/action.ts';
import { frame } from '../../../../src/cli/tui/dashboard/layout/frame.ts';
import { lineWidth } from '../../../../src/cli/tui/dashboard/line.ts';
import { nothingSaid, saidMore } from '../../../../src/cli/tui/dashboard/output-rows.ts';
import { listedViewers } from '../../../../src/cli/tui/dashboard/seen.ts';
import { type Over, opened, type Place, panes, type State } from '../../../../src/cli/tui/dashboard/state.ts';
import type { Theme } from '../../../../src/cli/tui/dashboard/theme.ts';
import { written } from '../../../../src/cli/tui/dashboard/theme.ts';
import { update } from '../../../../src/cli/tui/dashboard/update.ts';
import type { Rights } from '../../../../src/contract/rights.ts';
import { viewer } from '../../samples.ts';
import { hall, lobby, now, seenOf, viewOf } from './sample-view.ts';

const plain: Theme = { colours: 'none', ground: 'unknown', unicode: true };
const size = { columns: 80, rows: 24 };
const at = (place: Place, changes: Partial<State> = {}): State => ({
  ...opened({ room: null, readOnly: false, size }),
  place,
  ...changes,
});
const said = (lines: string[], columns = 80) => saidMore(nothingSaid, lines.join('\n'), columns);
const inRoom = (pane: (typeof panes)[number]): Place => ({ at: 'room', room: 'lobby', pane });
const text = (state: State, seen = seenOf([lobby, hall])) =>
  frame(state, seen).map((line) => stripVTControlCharacters(written(line, plain)).trimEnd());

describe('The screen', () => {
  const overs: Over[] = [
    { is: 'help', top: 0 },
    { is: 'asks', words: 'Take it off?', act: { is: 'stop', room: 'lobby', broadcast: 'b-a' } },
    { is: 'output', command: 'status', said: said(Array(99).fill('x'.repeat(300))), top: 0, status: 0 },
    {
      ...{ is: 'types', what: 'command', prompt: { text: 'x'.repeat(300), at: 300 }, before: null },
      candidates: Array.from({ length: 30 }, (_, word) => ({ word: `${word}`, meaning: 'm'.repeat(200) })),
    },
    { is: 'still', room: 'lobby', picture: null },
  ];
  const places: Place[] = [{ at: 'rooms' }, { at: 'machine' }, ...panes.map(inRoom)];
  const states = [...places.map((place) => at(place)), ...overs.map((over) => at({ at: 'rooms' }, { over }))];
  const odd = { ...lobby, onAir: { ...lobby.onAir!, words: '日本語の長い名前'.repeat(20) }, item: null };
  const views = [
    seenOf([lobby, hall]),
    seenOf([odd]),
    seenOf([]),
    { ...seenOf([]), view: null, whole: null },
  ];

  it.each([
    [80, 24],
    [160, 48],
    [60, 16],
    [40, 14],
    [301, 90],
    [30, 5],
  ])('is as large as the terminal, whatever it shows: %ix%i', (columns, rows) => {
    for (const state of states)
      for (const seen of views) {
        const lines = frame({ ...state, size: { columns, rows } }, seen);
        expect(lines).toHaveLength(rows);
        if (rows > 5) expect(lines.map(lineWidth)).toEqual(Array(rows).fill(columns));
      }
  });

  it('has what is in trouble first, with the reason for the one that is chosen', () => {
    const lines = text(at({ at: 'rooms' }, { rooms: { chosen: 'hall', order: 0, filter: '' } }));
    expect(lines[0]).toContain('2 rooms, 2 on air   352 viewers');
    expect(lines[2]).toMatch(/^▸ ✗ bad +hall +slate/);
    expect(lines[3]).toMatch(/^ {2}● well +lobby +talk\.mp4 +0:42 +12 /);
    expect(lines[22]).toContain('hall: the slate is on air: cam1 is away: nobody publishes');
  });

  it('shows of a room what is on air, where in it, what comes next, how loud it is and what could be', () => {
    const lines = text(at(inRoom('programme'))).join('\n');
    expect(lines).toMatch(/on air talk\.mp4 {2}for 10 min/);
    expect(lines).toMatch(/0:42 \/ 12:30 {2}item 2 of 4/);
    expect(lines).toMatch(/next {3}cam1 at \d\d:/);
    expect(lines).toContain('peak -6 dB, mean -18 dB');
    expect(lines).toMatch(
      /out {4}24\.0 Mbit\/s {2}loss 0\.3 % \(worst 2\.1 %\) {2}RTT 38 ms {2}source 9, 480p 3/,
    );
    expect(lines).toMatch(/fallback-1 away +cam2 +nobody publishes {2}lost 2×/);
    expect(lines).toMatch(/▸ +2 +12:30 .*talk\.mp4/);
  });

  it('shows viewers, publishers, the plan with its reasons, and events', () => {
    expect(text(at(inRoom('viewers'))).join('\n')).toMatch(/v-aaaaaaaaaa +playing +480p +1\.1 Mbit\/s/);
    expect(text(at(inRoom('viewers'))).join('\n')).toMatch(/1\.1 Mbit\/s +0\.4 % +38 ms +2 /);
    expect(text(at(inRoom('publishers'))).join('\n')).toMatch(/● cam2 +rtmp +192\.0\.2\.7/);
    expect(text(at(inRoom('plan'))).join('\n')).toContain('because: hevc; B-frames');
    const event = {
      type: 'viewer.left',
      at: new Date(now).toISOString(),
      room: 'lobby',
      id: 'v-aaaaaaaaaa',
    } as const;
    const seen = seenOf([lobby], { events: [event, { ...event, room: 'hall' }] });
    expect(
      text(at(inRoom('events')), seen).filter((line) => line.includes('v-aaaaaaaaaa left')),
    ).toHaveLength(1);
  });

  it('has those viewers first who suffer, with what', () => {
    const people = { ...viewOf([lobby]), viewers: { lobby: {} as Record<string, typeof viewer> } };
    const more = { joinedAt: '2026-01-02T00:00:00.000Z', suffers: 'frozen', frozenPercent: 31.4 } as const;
    for (const [id, one] of [
      ['v-bbbbbbbbbb', {}],
      ['v-cccccccccc', more],
    ] as const)
      people.viewers.lobby = { ...people.viewers.lobby, [id]: { ...viewer, ...one, id } };
    const lines = text(at(inRoom('viewers')), { ...seenOf([lobby]), view: people, whole: people });
    const listed = lines.filter((line) => line.includes(' v-'));
    expect(listed[0]).toMatch(/v-cccccccccc +freezes .*2 31 %/);
    expect(listed[1]).toMatch(/v-bbbbbbbbbb +playing/);
  });

  it.each([
    { columns: 120, link: 'l-bbbbbbbbbb', heading: /SINCE +LINK +ADDRESS +BY +BROWSER$/ },
    { columns: 100, link: 'l-bbbbbbbbbb', heading: /SINCE +LINK +ADDRESS$/ },
    { columns: 80, link: 'l-bbbbbbbbbb', heading: /SINCE +AD[^ ]*$/ },
    { columns: 100, link: null, heading: /SINCE +ADDRESS +BY +BROW[^ ]*$/ },
  ])('says by which link viewers came where there is room: $columns columns, $link', (one) => {
    const guest = { ...viewer, id: 'v-bbbbbbbbbb', address: '192.0.2.10', link: one.link };
    const whole = { ...viewOf([lobby]), viewers: { lobby: { [viewer.id]: viewer, [guest.id]: guest } } };
    const lines = text(at(inRoom('viewers'), { size: { columns: one.columns, rows: 24 } }), {
      ...{ ...seenOf([lobby]), whole },
    });
    expect(lines.find((line) => line.includes('FREEZES'))).toMatch(one.heading);
    const [mine, guests] = [viewer.id, guest.id].map((id) => lines.find((line) => line.includes(id)));
    const isTold = one.link !== null && one.columns >= 100;
    expect(guests?.includes('l-bbbbbbbbbb')).toBe(isTold);
    if (isTold) expect(mine).toMatch(/ – +192\.0\.2/);
    // Whom a filter leaves by it, on a narrow screen too.
    const list = { chosen: null, order: 0, filter: 'l-bbbb' };
    expect(listedViewers({ whole }, 'lobby', list)).toEqual(one.link === null ? [] : [guest]);
  });

  it('says why it is not known how loud it is', () => {
    const line = (room: typeof lobby) =>
      text(at(inRoom('programme')), seenOf([room])).find((one) => one.includes('sound '));
    expect(line({ ...lobby, levels: null })).toContain('content.silent and content.clipping are off');
    expect(line({ ...lobby, levels: null, onAir: hall.onAir })).toContain('nothing of a source is on air');
  });

  it('shows the machine and who uses it', () => {
    const lines = text(at({ at: 'machine' })).join('\n');
    expect(lines).toMatch(/cpu +█+░+ {2}34 % of 2 cores/);
    expect(lines).toMatch(/78 {2}worker :29400 +31 %/);
  });

  it('says that the daemon is lost, and keeps what was seen', () => {
    const link = { is: 'lost', since: now - 12_000, reason: 'no daemon answers' } as const;
    const lines = text(at({ at: 'rooms' }), seenOf([lobby], { link }));
    expect(lines[0]).toContain('lost for 12 s, trying');
    expect(lines[1]).toBe('✗ no daemon answers');
    expect(lines.join('\n')).toContain('talk.mp4');
  });

  it('obeys nothing that comes from outside', () => {
    const evil = { ...lobby, onAir: { ...lobby.onAir!, words: '\u001b[2J\u202e\u0007' }, item: null };
    const lines = frame(at({ at: 'rooms' }), seenOf([evil])).flat();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
    expect(lines.filter(({ text }) => /[\u0000-\u001f\u202a-\u202e]/.test(text))).toEqual([]);
  });

  it('says what a terminal is too small for', () => {
    expect(text(at({ at: 'rooms' }, { size: { columns: 40, rows: 13 } })).join('\n')).toContain(
      'needs 40x14',
    );
  });

  it('says on the screen of a phone what is bad, and why, whole', () => {
    const reason =
      '11 of 19 viewers have it bad, most likely by the line: they all come from 192.0.2.0/24, and others fare well';
    const seen = seenOf([lobby, { ...hall, health: { word: 'bad', reason } }]);
    const size = { columns: 45, rows: 20 };
    const says = (place: Place) =>
      text(at(place, { size, rooms: { chosen: 'hall', order: 0, filter: '' } }), seen).map((line) =>
        line.trim(),
      );
    const rooms = says({ at: 'rooms' });
    expect(rooms[2]).toMatch(/^▸ ✗ bad +hall +340 +340$/);
    expect(rooms.join(' ')).toContain(`hall: ${reason}`);
    const room = says({ at: 'room', room: 'hall', pane: 'viewers' });
    expect(room[1]).toMatch(/^hall {2}✗ bad +340 viewers, 340 have it bad$/);
    expect(room.join(' ')).toContain(reason);
    expect(room.join(' ')).toContain('Nobody watches.');
  });

  it('says whole on the screen of a phone what a command says, to its end', () => {
    const size = { columns: 40, rows: 14 };
    const lines = Array.from({ length: 9 }, (_, at) => `${at}: ${'word '.repeat(12)}end`);
    const over: Over = { is: 'output', command: 'status', said: said(lines, 40), top: 0, status: 0 };
    const down: Action = { type: 'key', key: { name: 'end', text: '' } };
    const from = at({ at: 'rooms' }, { size, over });
    expect(text(from).slice(1, 4)).toEqual([
      '0: word word word word word word word',
      '    word word word word word end',
      '1: word word word word word word word',
    ]);
    const { state } = update(from, down, seenOf([lobby]));
    expect(text(state).slice(-4)[0]).toBe('8: word word word word word word word');
    const wider = update(state, { type: 'resized', size: { columns: 80, rows: 14 } }, seenOf([lobby]));
    expect(text(wider.state)[1]).toBe(`0: ${'word '.repeat(12)}end`);
  });

  it('tells in its head what a token may less, and offers no key that it may not use', () => {
    const bearer = (some: Rights) => opened({ room: null, readOnly: false, rights: some, size });
    expect(text(bearer({ role: 'read', rooms: ['lobby'] }))[0]).toMatch(/ only lobby {2}read-only$/);
    const bound = text(bearer({ role: 'operator', rooms: ['hall', 'lobby'] }));
    expect(bound[0]).toMatch(/ only 2 rooms$/);
    expect(bound.at(-1)).toContain('x stop');
    const wide = { ...bearer({ role: 'read', rooms: ['hall', 'lobby'] }), size: { columns: 110, rows: 24 } };
    expect(text(wide)[0]).toMatch(/cpu 34 % +only hall, lobby {2}read-only$/);
    const looks = bearer({ role: 'read', rooms: null });
    expect(text(looks).at(-1)).not.toContain('stop');
    expect(text(looks, seenOf([])).join('\n')).not.toContain('puts a file on air');
    expect(text(bearer({ role: 'admin', rooms: null }))[0]).toMatch(/cpu 34 %$/);
  });

  it('knows a room of any name', () => {
    const view = viewOf([{ ...lobby, name: 'constructor' }]);
    const seen = { ...seenOf([]), view, whole: null };
    const place: Place = { at: 'room', room: 'constructor', pane: 'viewers' };
    expect(text(at(place), seen).join('\n')).toContain('Nobody watches.');
    expect(text(at({ at: 'room', room: 'valueof', pane: 'plan' }), seen).join('\n')).toContain(
      'valueof has nothing on air',
    );
  });
});
