import { describe, expect, test } from 'vitest';
import type { DaemonMessage, OfflineReason } from '../../src/contract/signalling.ts';
import {
  type Effect,
  type Fact,
  initialSession,
  playingRendition,
  reduce,
  type Session,
} from '../../src/web-viewer/session.ts';

const live: Extract<DaemonMessage, { type: 'live' }> = {
  type: 'live',
  broadcast: 'b-aaaaaaaaaa',
  title: 'Keynote',
  renditions: ['source'],
  transport: 'a transport',
  sdp: 'v=0',
};
const say = (message: DaemonMessage): Fact => ({ type: 'message', message });
const hello = (isLive: boolean, poster: string | null = null): Fact =>
  say({
    type: 'hello',
    version: '1',
    room: 'lobby',
    live: isLive,
    title: isLive ? 'Keynote' : null,
    viewers: 3,
    poster,
    next: null,
  });
const greeting = {
  type: 'hello',
  version: '1',
  room: 'lobby',
  live: false,
  title: null,
  viewers: 3,
  poster: null,
  next: null,
} as const;
const out = (why: 'kicked' | 'banned') => say({ type: 'out', why, reason: 'Too loud', untilMs: null });
const offline = (reason: OfflineReason) => say({ type: 'offline', reason });
const error = (code: string) => say({ type: 'error', code, message: 'expected something else' });
const unplayable = (everything: boolean): Fact => ({ type: 'unplayable', notice: 'no', everything });
const started: Fact = { type: 'started', still: null };
const opened: Fact = { type: 'started', still: 'talk' };
const playing: Fact = { type: 'playing' };
const closed: Fact = { type: 'closed' };
const alarm: Fact = { type: 'alarm' };
const woken: Fact = { type: 'woken' };
const mediaLost: Fact = { type: 'mediaLost' };
const whilePlaying = [started, hello(true), say(live), playing];
const whileWaiting = [started, hello(false)];

const ladder = say({ ...live, renditions: ['240p', '480p', 'source'] });
const choose = (name: string | null): Fact => ({ type: 'chosen', name });

/** What the page does last of all that the last fact makes it do. */
function lastEffect(facts: readonly Fact[]): Effect | undefined {
  let session = initialSession;
  let effects: readonly Effect[] = [];
  for (const fact of facts) [session, effects] = reduce(session, fact, () => 0.5);
  return effects.at(-1);
}

/** Lets the facts happen one after the other, with random numbers in the middle; gives the effects of the last. */
function run(facts: readonly Fact[]): { session: Session; effects: string[] } {
  let session = initialSession;
  let effects: readonly Effect[] = [];
  for (const fact of facts) [session, effects] = reduce(session, fact, () => 0.5);
  return { session, effects: effects.map((e) => (e.type === 'alarm' ? `alarm ${e.afterMs}` : e.type)) };
}

describe('The session', () => {
  test.each<{ name: string; facts: Fact[]; phase: Session['phase']; effects: string[] }>([
    {
      name: 'opens the socket at the start',
      facts: [started],
      phase: 'connecting',
      effects: ['open', 'alarm 10000'],
    },
    {
      name: 'waits where nothing is on air',
      facts: whileWaiting,
      phase: 'waiting',
      effects: ['alarm 20000'],
    },
    {
      name: 'waits for a place, and asks for one at a moment of its own',
      facts: [started, error('ROOM_FULL'), closed],
      phase: 'full',
      effects: ['leave', 'alarm 10000'],
    },
    {
      name: 'asks for a place when its turn comes, and says that the room is full until it has one',
      facts: [started, error('LIMIT_REACHED'), closed, alarm],
      phase: 'full',
      effects: ['open', 'alarm 10000'],
    },
    {
      name: 'does not ask for a place sooner since somebody looks',
      facts: [started, error('ROOM_FULL'), closed, woken],
      phase: 'full',
      effects: [],
    },
    {
      name: 'is let in when there is a place',
      facts: [started, error('ROOM_FULL'), closed, alarm, hello(true), say(live)],
      phase: 'connecting',
      effects: ['leave', 'join', 'alarm 10000'],
    },
    {
      name: 'leaves at once when it is put out',
      facts: [...whilePlaying, out('kicked')],
      phase: 'kicked',
      effects: ['leave', 'close'],
    },
    ...[alarm, woken, closed, mediaLost, playing].flatMap((fact) =>
      (['kicked', 'banned'] as const).map((why) => ({
        name: `does nothing by itself once it is ${why}: ${fact.type}`,
        facts: [...whilePlaying, out(why), fact],
        phase: why,
        effects: [] as string[],
      })),
    ),
    {
      name: 'comes back where its viewer wants to',
      facts: [...whilePlaying, out('kicked'), { type: 'returned' }],
      phase: 'connecting',
      effects: ['open', 'alarm 10000'],
    },
    {
      name: 'is told that it is banned in the place of a greeting',
      facts: [started, out('banned')],
      phase: 'banned',
      effects: ['leave', 'close'],
    },
    {
      name: 'stays before a closed room',
      facts: [started, say({ ...greeting, closed: true })],
      phase: 'closed',
      effects: ['alarm 20000'],
    },
    {
      name: 'leaves a room that is closed',
      facts: [...whilePlaying, offline('closed')],
      phase: 'closed',
      effects: ['leave', 'alarm 20000'],
    },
    {
      name: 'waits in a room that was opened, where nothing is on air',
      facts: [...whilePlaying, offline('closed'), offline('opened')],
      phase: 'waiting',
      effects: ['leave', 'alarm 20000'],
    },
    {
      name: 'joins what is on air in a room that was opened',
      facts: [...whilePlaying, offline('closed'), say(live)],
      phase: 'connecting',
      effects: ['leave', 'join', 'alarm 10000'],
    },
    {
      name: 'joins what is on air',
      facts: [started, hello(true), say(live)],
      phase: 'connecting',
      effects: ['leave', 'join', 'alarm 10000'],
    },
    { name: 'plays from the first frame', facts: whilePlaying, phase: 'playing', effects: ['alarm 20000'] },
    {
      name: 'joins by itself when a broadcast begins',
      facts: [...whileWaiting, say(live)],
      phase: 'connecting',
      effects: ['leave', 'join', 'alarm 10000'],
    },
    {
      name: 'says that the broadcast has ended',
      facts: [...whilePlaying, offline('ended')],
      phase: 'ended',
      effects: ['leave', 'alarm 20000'],
    },
    {
      name: 'joins the next broadcast after the end of one',
      facts: [...whilePlaying, offline('ended'), say(live)],
      phase: 'connecting',
      effects: ['leave', 'join', 'alarm 10000'],
    },
    {
      name: 'keeps the last picture while a broadcast is interrupted, and stays on the socket',
      facts: [...whilePlaying, offline('interrupted')],
      phase: 'reconnecting',
      effects: ['leave', 'alarm 20000'],
    },
    {
      name: 'keeps the last picture while another broadcast takes the place of one, and calls nothing lost',
      facts: [...whilePlaying, offline('replaced')],
      phase: 'changing',
      effects: ['leave', 'alarm 10000'],
    },
    {
      name: 'keeps the last picture where another broadcast is there in the place of one',
      facts: [...whilePlaying, say(live)],
      phase: 'changing',
      effects: ['leave', 'join', 'alarm 10000'],
    },
    {
      name: 'changes until the first new frame',
      facts: [...whilePlaying, offline('replaced'), say(live)],
      phase: 'changing',
      effects: ['leave', 'join', 'alarm 10000'],
    },
    {
      name: 'waits where the other broadcast does not come at once',
      facts: [...whilePlaying, offline('replaced'), alarm],
      phase: 'waiting',
      effects: ['ping', 'alarm 5000'],
    },
    {
      name: 'stays reconnecting until the first new frame',
      facts: [...whilePlaying, offline('interrupted'), say(live)],
      phase: 'reconnecting',
      effects: ['leave', 'join', 'alarm 10000'],
    },
    {
      name: 'backs off when the socket is lost',
      facts: [...whilePlaying, closed],
      phase: 'reconnecting',
      effects: ['leave', 'alarm 750'],
    },
    {
      name: 'backs off further with each failure',
      facts: [...whilePlaying, closed, alarm, closed, alarm, closed],
      phase: 'reconnecting',
      effects: ['leave', 'alarm 3000'],
    },
    {
      name: 'begins the back-off anew once something has played',
      facts: [...whilePlaying, closed, alarm, closed, alarm, hello(true), say(live), playing, closed],
      phase: 'reconnecting',
      effects: ['leave', 'alarm 750'],
    },
    {
      name: 'gives up a socket that does not open',
      facts: [started, alarm],
      phase: 'reconnecting',
      effects: ['leave', 'close', 'alarm 750'],
    },
    {
      name: 'gives up a socket that says that something is on air, and offers nothing',
      facts: [started, hello(true), say({ type: 'viewers', viewers: 4 }), alarm],
      phase: 'reconnecting',
      effects: ['leave', 'close', 'alarm 750'],
    },
    {
      name: 'waits on where what was on air is gone before it is offered',
      facts: [started, hello(true), offline('interrupted'), alarm],
      phase: 'reconnecting',
      effects: ['ping', 'alarm 5000'],
    },
    {
      name: 'gives up a join that leads to no frame',
      facts: [started, hello(true), say(live), alarm],
      phase: 'reconnecting',
      effects: ['leave', 'close', 'alarm 750'],
    },
    {
      name: 'connects anew at once when the media is lost',
      facts: [...whilePlaying, mediaLost],
      phase: 'reconnecting',
      effects: ['leave', 'close', 'open', 'alarm 10000'],
    },
    {
      name: 'backs off when the media is lost again before anything has played',
      facts: [...whilePlaying, mediaLost, hello(true), say(live), mediaLost],
      phase: 'reconnecting',
      effects: ['leave', 'close', 'alarm 1500'],
    },
    {
      name: 'connects anew when the daemon could not do what the page asked for',
      facts: [started, hello(true), say(live), error('INVALID_REQUEST')],
      phase: 'reconnecting',
      effects: ['leave', 'close', 'open', 'alarm 10000'],
    },
    {
      name: 'plays on with one track when the other cannot be played',
      facts: [started, hello(true), say(live), unplayable(false), playing],
      phase: 'playing',
      effects: ['alarm 20000'],
    },
    {
      name: 'comes back at the time that the daemon asks for, and not with all others in one moment',
      facts: [...whilePlaying, say({ type: 'bye', retryMs: 2000 })],
      phase: 'reconnecting',
      effects: ['leave', 'close', 'alarm 2500'],
    },
    {
      name: 'remembers over a lost socket that the broadcast has ended',
      facts: [...whilePlaying, offline('ended'), closed, alarm, hello(false)],
      phase: 'ended',
      effects: ['alarm 20000'],
    },
    {
      name: 'waits when what it watched is gone after a reconnection',
      facts: [...whilePlaying, closed, alarm, hello(false)],
      phase: 'waiting',
      effects: ['alarm 20000'],
    },
    {
      name: 'asks whether a quiet socket lives',
      facts: [...whileWaiting, alarm],
      phase: 'waiting',
      effects: ['ping', 'alarm 5000'],
    },
    {
      name: 'takes any message for an answer',
      facts: [...whileWaiting, alarm, say({ type: 'viewers', viewers: 4 })],
      phase: 'waiting',
      effects: ['alarm 20000'],
    },
    {
      name: 'gives up a socket that does not answer',
      facts: [...whilePlaying, alarm, alarm],
      phase: 'reconnecting',
      effects: ['leave', 'close', 'alarm 750'],
    },
    {
      name: 'tries at once on waking up during a back-off',
      facts: [...whilePlaying, closed, woken],
      phase: 'reconnecting',
      effects: ['open', 'alarm 10000'],
    },
    {
      name: 'asks at once on waking up whether the socket has survived',
      facts: [...whilePlaying, woken],
      phase: 'playing',
      effects: ['ping', 'alarm 2000'],
    },
    {
      name: 'lets a join go on when woken up',
      facts: [started, hello(true), say(live), woken],
      phase: 'connecting',
      effects: [],
    },
    {
      name: 'does not try again what this browser cannot play',
      facts: [started, hello(true), say(live), unplayable(true)],
      phase: 'connecting',
      effects: ['leave', 'alarm 20000'],
    },
    {
      name: 'ignores a late frame of a broadcast that it has left',
      facts: [...whilePlaying, offline('ended'), playing],
      phase: 'ended',
      effects: [],
    },
  ])('$name', ({ facts, phase, effects }) => {
    const result = run(facts);
    expect({ phase: result.session.phase, effects: result.effects }).toEqual({ phase, effects });
  });

  test('counts viewers, and keeps the title while it reconnects', () => {
    const { session } = run([...whilePlaying, say({ type: 'viewers', viewers: 12 }), closed]);
    expect(session).toMatchObject({ viewers: 12, title: 'Keynote', live: null });
  });

  test('knows which rendition plays, until the next broadcast', () => {
    const before = [started, hello(true), say({ ...live, renditions: ['240p', 'source'] })];
    const low = [...before, say({ type: 'layer', layer: 0 })];
    expect(playingRendition(run(before).session)).toBeNull();
    expect(playingRendition(run(low).session)).toBe('240p');
    expect(playingRendition(run([...low, say(live)]).session)).toBeNull();
  });

  test.each<{ name: string; facts: Fact[]; quality: number | 'auto' }>([
    { name: 'asks for what was chosen', facts: [ladder, choose('480p')], quality: 1 },
    {
      name: 'asks again after a change of mind',
      facts: [ladder, choose('480p'), choose(null)],
      quality: 'auto',
    },
    {
      name: 'asks the next broadcast too, which has it as another layer',
      facts: [ladder, choose('480p'), say({ ...live, renditions: ['480p', 'source'] })],
      quality: 0,
    },
    {
      name: 'leaves it to the daemon where the broadcast has no such rendition',
      facts: [ladder, choose('480p'), say(live)],
      quality: 'auto',
    },
  ])('$name', ({ facts, quality }) => {
    expect(lastEffect([started, hello(true), ...facts])).toEqual({ type: 'quality', quality });
  });

  test.each<{ name: string; facts: Fact[]; still: string | null }>([
    { name: 'until it is greeted', facts: [opened], still: 'talk' },
    { name: 'while that is what is seen', facts: [opened, hello(true, 'talk'), say(live)], still: 'talk' },
    { name: 'no longer than that, as the greeting says', facts: [opened, hello(true, 'slate')], still: null },
    {
      name: 'no longer than that, as it is told later',
      facts: [opened, hello(true, 'talk'), say({ type: 'poster', poster: 'slate' })],
      still: null,
    },
    {
      name: 'not anew when it is seen again',
      facts: [opened, hello(true, 'slate'), say({ type: 'poster', poster: 'talk' })],
      still: null,
    },
    {
      name: 'not when the picture moves',
      facts: [opened, hello(true, 'talk'), say(live), playing],
      still: null,
    },
    { name: 'not when the connection is lost', facts: [opened, hello(true, 'talk'), closed], still: null },
    { name: 'not where nothing is on air', facts: [opened, hello(false)], still: null },
    { name: 'not where no place is free', facts: [opened, error('LIMIT_REACHED')], still: null },
  ])('keeps the still that came with the page $name', ({ facts, still }) => {
    expect(run(facts).session.still).toBe(still);
  });

  test('asks for no quality where nobody chose, or nothing is on air', () => {
    expect(run([started, hello(true), ladder]).effects).not.toContain('quality');
    expect(run([...whileWaiting, choose('480p')]).effects).toEqual([]);
  });

  test('says that no place is free until it is greeted', () => {
    const refused = [started, error('LIMIT_REACHED'), closed];
    expect(run(refused).session.notice).toContain('No place is free');
    expect(run([...refused, alarm, hello(false)]).session.notice).toBeNull();
  });

  test('shows a line until it is read, and goes on', () => {
    const line = { id: 'one', text: 'We go on at nine', forMs: 1000 };
    const told = [...whilePlaying, say({ type: 'notice', ...line })];
    expect(run(told).session).toMatchObject({ phase: 'playing', line });
    expect(run([...told, { type: 'lineRead' }]).session).toMatchObject({ phase: 'playing', line: null });
    expect(run([...told, out('kicked')]).session).toMatchObject({ line: null, notice: 'Too loud' });
  });

  test('shows what is on air by another name when it is told one', () => {
    const titled = say({ type: 'title', title: 'Morning' });
    expect(run([opened, hello(true), say(live), playing, titled]).session.title).toBe('Morning');
    expect(run([...whileWaiting, titled]).session.title).toBeNull();
  });

  test('remembers what comes next until it is told something else', () => {
    const next = { atMs: 2000, nowMs: 1000, name: 'Keynote' };
    const told = [...whileWaiting, say({ type: 'next', next })];
    expect(run(told).session.next).toEqual(next);
    expect(run([...told, say(live), playing, offline('ended')]).session.next).toEqual(next);
    expect(run([...told, say({ type: 'next', next: null })]).session.next).toBeNull();
    expect(run([...told, closed, alarm, hello(false)]).session.next).toBeNull();
  });
});

describe('The session counts tries in which no media came', () => {
  const attempt = [hello(true), say(live), alarm];
  test.each<{ name: string; facts: Fact[]; expected: Session['missed'] }>([
    { name: 'none yet', facts: [started, hello(true), say(live)], expected: 0 },
    { name: 'one', facts: [started, ...attempt], expected: 1 },
    {
      name: 'two, over sockets',
      facts: [started, ...attempt, alarm, ...attempt],
      expected: 2,
    },
    {
      name: 'where ICE failed',
      facts: [started, hello(true), say(live), mediaLost],
      expected: 1,
    },
    {
      name: 'none where the daemon is gone',
      facts: [started, hello(true), say(live), closed, alarm, alarm],
      expected: 0,
    },
    {
      name: 'none where media came, and is lost',
      facts: [...whilePlaying, mediaLost],
      expected: 0,
    },
    {
      name: 'those since media came last',
      facts: [...whilePlaying, mediaLost, ...attempt, alarm, ...attempt],
      expected: 2,
    },
    {
      name: 'none of what is over',
      facts: [started, ...attempt, alarm, ...attempt, alarm, hello(true), say(live), offline('ended')],
      expected: 0,
    },
    {
      name: 'none where the daemon has come back, and nothing is on air',
      facts: [started, ...attempt, alarm, hello(false)],
      expected: 0,
    },
    {
      name: 'none any more since it comes through',
      facts: [started, ...attempt, alarm, hello(true), say(live), playing],
      expected: 0,
    },
  ])('$name', ({ facts, expected }) => {
    expect(run(facts).session.missed).toEqual(expected);
  });
});
