import { expect, test } from 'vitest';
import { startWords } from '../../src/web-viewer/countdown.ts';
import { initialSession, type Session } from '../../src/web-viewer/session.ts';
import { type View, viewOf } from '../../src/web-viewer/view.ts';

const next = {
  atMs: Date.parse('2026-12-01T08:00Z'),
  nowMs: Date.parse('2026-12-01T07:00Z'),
  name: 'Keynote',
};
const titled: Session = { ...initialSession, title: 'Keynote' };

test.each<{
  name: string;
  session: Session;
  hasPicture?: boolean;
  hasStill?: boolean;
  hasPoster?: boolean;
  expected: Partial<View>;
}>([
  {
    name: 'covers a picture that is to come',
    session: titled,
    expected: { badge: 'Connecting', cover: 'card' },
  },
  {
    name: 'shows the still that came with it until then',
    session: { ...titled, still: 'talk' },
    hasPoster: true,
    expected: { badge: 'Connecting', cover: 'poster' },
  },
  {
    name: 'shows no still of what is seen no longer',
    session: { ...titled, still: null },
    hasPoster: true,
    expected: { cover: 'card' },
  },
  {
    name: 'says what keeps it from playing',
    session: { ...titled, notice: 'This browser cannot play the broadcast' },
    expected: { headline: 'This browser cannot play the broadcast', cover: 'card' },
  },
  {
    name: 'shows the picture alone',
    session: { ...titled, phase: 'playing' },
    hasPicture: true,
    expected: { badge: 'Live', cover: 'picture' },
  },
  {
    name: 'shows a card for sound without picture',
    session: { ...titled, phase: 'playing' },
    expected: { badge: 'Live', headline: 'Keynote', detail: 'Sound only', cover: 'card' },
  },
  {
    name: 'says why there is no picture',
    session: { ...titled, phase: 'playing', notice: 'This browser cannot play AV1' },
    expected: { detail: 'This browser cannot play AV1' },
  },
  {
    name: 'leaves the last picture while it reconnects',
    session: { ...titled, phase: 'reconnecting' },
    hasStill: true,
    expected: { badge: 'Reconnecting', cover: 'still' },
  },
  {
    name: 'leaves the last picture as it is while the programme changes',
    session: { ...titled, phase: 'changing' },
    hasStill: true,
    expected: { badge: 'Live', cover: 'picture' },
  },
  {
    name: 'shows a card where there never was a picture',
    session: { ...titled, phase: 'reconnecting' },
    expected: { badge: 'Reconnecting', cover: 'card' },
  },
  {
    name: 'says that a connection was lost which was there',
    session: { ...titled, phase: 'reconnecting', missed: 2, played: true },
    expected: {
      headline: 'Reconnecting',
      detail: 'The connection was lost. It comes back by itself.',
    },
  },
  {
    name: 'says nothing of the network where nothing came once',
    session: { ...titled, phase: 'reconnecting', missed: 1 },
    expected: {
      headline: 'Reconnecting',
      detail: 'The connection was lost. It comes back by itself.',
    },
  },
  {
    name: 'says what helps where nothing came twice',
    session: { ...titled, phase: 'reconnecting', missed: 2 },
    expected: {
      ...{ badge: 'Reconnecting', headline: 'The video does not get through' },
      detail:
        'This network may block its ports (UDP, TCP). Try another, such as mobile data, or tell the organiser.',
    },
  },
  {
    name: 'says so also where it came before, and does no more',
    session: { ...titled, phase: 'reconnecting', missed: 3, played: true },
    expected: { headline: 'The video does not get through' },
  },
  {
    name: 'says what the daemon says before that',
    session: { ...titled, phase: 'reconnecting', missed: 2, notice: 'Back in a minute' },
    expected: { headline: 'Reconnecting', detail: 'Back in a minute' },
  },
  { name: 'waits', session: { ...titled, phase: 'waiting' }, expected: { badge: 'Waiting', cover: 'card' } },
  {
    name: 'says what it waits for, and when that starts',
    session: { ...titled, phase: 'waiting', next },
    expected: { headline: 'Keynote', detail: startWords(next) },
  },
  {
    name: 'waits for what has no name',
    session: { ...titled, phase: 'waiting', next: { ...next, name: null } },
    expected: { headline: 'Waiting for the broadcast', detail: startWords(next) },
  },
  {
    name: 'says when the next one starts after the last',
    session: { ...titled, phase: 'ended', next },
    expected: {
      headline: 'The broadcast has ended',
      detail: `Keynote ${startWords(next).replace('S', 's')}`,
    },
  },
  {
    name: 'says what its room says meanwhile, below what comes',
    session: { ...titled, phase: 'waiting', next, welcome: 'Bring your questions' },
    expected: { detail: `${startWords(next)}\nBring your questions` },
  },
  {
    name: 'says what its room says after the last one, too',
    session: { ...titled, phase: 'ended', welcome: 'Bring your questions' },
    expected: { detail: 'The next one starts here by itself.\nBring your questions' },
  },
  {
    name: 'has no line for a room that says nothing',
    session: { ...titled, phase: 'waiting' },
    expected: { detail: 'It starts here by itself.' },
  },
  {
    name: 'says that its room is closed',
    session: { ...titled, phase: 'closed' },
    expected: { badge: 'Closed', headline: 'This room is closed for now', cover: 'card' },
  },
  {
    name: 'says that it is over',
    session: { ...titled, phase: 'ended' },
    expected: { badge: 'Offline', headline: 'The broadcast has ended', cover: 'card' },
  },
])('The page $name', ({ session, hasPicture = false, hasStill = false, hasPoster = false, expected }) => {
  expect(viewOf(session, hasPicture, hasStill, hasPoster)).toMatchObject(expected);
});
