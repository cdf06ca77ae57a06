import { expect, test } from 'vitest';
import { bundle, pageFile } from './serve-page.ts';

test('The bundle is smaller than 300 kB gzipped', async () => {
  const { gzippedBytes } = await bundle();
  expect(gzippedBytes).toBeLessThan(300_000);
});

test('The page has nothing inline that a strict Content-Security-Policy would refuse', async () => {
  const html = await pageFile('index.html');
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/i);
});

test('The page refers to nothing but its own assets', async () => {
  const html = await pageFile('index.html');
  const references = [...html.matchAll(/(?:src|href)="(?!#)([^"]*)"/g)].map(([, reference]) => reference);
  expect(references.toSorted()).toEqual(['/assets/icon.svg', '/assets/main.js', '/assets/style.css']);
  expect(await pageFile('style.css')).not.toMatch(/url\(|@import/);
});
