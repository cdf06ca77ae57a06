import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtPage, pageFile } from './serve-page.ts';

test('The page comes in the first ten packets of a connection', async () => {
  // RFC 6928: so much is sent before anything is acknowledged.
  expect(gzipSync(await builtPage()).byteLength).toBeLessThan(10 * 1460 - 500);
});

test('The page has nothing inline before it is built', async () => {
  const html = await pageFile('index.html');
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/i);
});

test('The built page refers to nothing but its icon', async () => {
  const html = await builtPage();
  const references = [...html.matchAll(/<[^>]*(?:src|href)="(?!#)([^"]*)"/g)].map(
    ([, reference]) => reference,
  );
  expect(references).toEqual(['/assets/icon.svg']);
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  expect(style).not.toMatch(/^$|url\(|@import/);
});
