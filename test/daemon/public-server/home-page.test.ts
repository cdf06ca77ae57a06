import { expect, test } from 'vitest';
import { HomePage, type LiveRoom, meantRoom } from '../../../src/daemon/public-server/home-page.ts';
import { pageFile } from '../../../src/daemon/public-server/page-files.ts';

const template = await pageFile('text/html', Buffer.from('<h1>{{headline}}</h1>{{detail}}{{rooms}}'));
const listed = async (rooms: readonly LiveRoom[] | null) =>
  String((await new HomePage(template, () => rooms).now('welcome')).body);

test('what is on air is listed by room, with its title, and is text whatever it says', async () => {
  const html = await listed([
    { name: 'stage', title: null },
    { name: 'lobby', title: `<img src=x onerror="alert('1')"> & {{detail}}` },
  ]);
  const rows = html.slice(html.indexOf('<ul>'));
  expect(rows).toBe(
    '<ul><li><a href="/lobby"><b dir="auto">&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62; &#38; {{detail}}</b>' +
      '<span>lobby</span></a></li><li><a href="/stage"><b dir="auto">stage</b></a></li></ul>',
  );
});

test('nothing on air is said, and nothing is said where viewers may not know', async () => {
  expect(await listed([])).toContain('Nothing is on air now.');
  expect(await listed(null)).not.toContain('on air');
});

test('no more than a hundred rooms are listed', async () => {
  const rooms = Array.from({ length: 5000 }, (_, index) => ({
    name: `room-${index}`,
    title: 'x'.repeat(200),
  }));
  expect((await listed(rooms)).match(/<li>/g)).toHaveLength(100);
});

test('it is made anew only where it has changed', async () => {
  let rooms: readonly LiveRoom[] = [];
  const home = new HomePage(template, () => rooms);
  const before = await home.now('welcome');
  expect(await home.now('welcome')).toBe(before);
  rooms = [{ name: 'lobby', title: null }];
  expect((await home.now('welcome')).etag).not.toBe(before.etag);
});

test.each([
  ['lobby', 'lobby'],
  [' Lobby ', 'lobby'],
  ['https://live.example.org/lobby', 'lobby'],
  ['http://live.example.org:8080/LOBBY/?muted=1#t', 'lobby'],
  ['live.example.org/lobby', 'lobby'],
  ['/lobby', 'lobby'],
  ['//', ''],
  ['', ''],
])('%j means %j', (typed, room) => {
  expect(meantRoom(typed)).toBe(room);
});
