import { expect, test } from 'vitest';
import { pageFile } from '../../../src/daemon/public-server/page-files.ts';
import { type RoomHead, withHead } from '../../../src/daemon/public-server/room-head.ts';
import { RoomPages } from '../../../src/daemon/public-server/room-pages.ts';
import { pageFile as pageSource } from '../../web-viewer/serve-page.ts';

const head: RoomHead = {
  ...{ title: 'Town hall', description: 'Each Friday', language: 'de' },
  ...{ url: 'https://live.example.org/lobby', image: 'https://live.example.org/poster/lobby' },
};
const nothing = { description: null, language: null, url: null, image: null };
const html = await pageSource('index.html');

test('a page is told with all that is said of its room', () => {
  const told = withHead(html, head);
  expect(told).toContain('<html lang="de" data-state="connecting"');
  expect(told).toContain(
    [
      '<title>Town hall</title>',
      '<meta name="description" content="Each Friday">',
      '<meta property="og:type" content="website">',
      '<meta property="og:title" content="Town hall">',
      '<meta property="og:description" content="Each Friday">',
      '<meta property="og:url" content="https://live.example.org/lobby">',
      '<meta property="og:image" content="https://live.example.org/poster/lobby">',
      '<meta name="twitter:card" content="summary_large_image">',
    ].join(''),
  );
});

test('what is not said is left out', () => {
  const told = withHead(html, { title: 'Town hall', ...nothing });
  expect(told).toContain('<html lang="en"');
  expect(told).not.toMatch(/description|og:url|og:image|twitter/);
});

test('markup, quotes and the signs of replacements stay text', () => {
  const hostile = `</title><script>alert("1")</script>' onload=x $& $' $1`;
  const told = withHead(html, { ...head, title: hostile, description: hostile, language: '"><script>' });
  expect(told.match(/<script/g)).toEqual(html.match(/<script/g));
  expect(told.match(/<\/title>/g)).toHaveLength(1);
  expect(told).toContain('$&#38; $&#39; $1</title>');
  expect(told).not.toContain('"1"');
});

test('a page is made once for all who open it, anew where what it tells changes, and plain where it tells nothing', async () => {
  const plain = await pageFile('text/html', Buffer.from(html));
  const pages = new RoomPages(plain);
  const first = pages.of('lobby', { still: null, head });
  expect(pages.of('lobby', { still: null, head: { ...head } })).toBe(first);
  expect(pages.of('lobby', { still: 'abc', head })).not.toBe(first);
  expect(pages.of('lobby', { still: null, head: null })).toBe(plain);
  const { body } = await pages.of('lobby', { still: 'abc', head });
  expect(String(body)).toContain('data-poster="abc"');
  expect(String(body)).toContain('<title>Town hall</title>');
});
