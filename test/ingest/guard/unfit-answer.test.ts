import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unfitAnswer } from '../../../src/ingest/guard/unfit-answer.ts';

test.each([
  ['a page', '<!DOCTYPE html>\n<html>', 'gave a web page'],
  ['a page of old', '  <HTML><head>', 'gave a web page'],
  ['a page behind a mark and a comment', '\ufeff<!-- x --><html lang="en">', 'gave a web page'],
  ['XHTML', '<?xml version="1.0"?><!doctype html PUBLIC "x">', 'gave a web page'],
  ['nothing', '', 'gave an empty answer'],
  ['what is packed', gzipSync('#EXTM3U'), 'gave something that is packed by gzip'],
  ['an encrypted segment that begins as gzip does by chance', Buffer.from([0x1f, 0x8b, 0x5a, 0]), null],
  ['a list for DASH', '<?xml version="1.0"?><MPD>', null],
  ['subtitles', 'WEBVTT\n\n<html>', null],
  ['media', Buffer.from([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70]), null],
])('An answer of %s is told for what it is', (_, head, words) => {
  const found = unfitAnswer('cdn.example:80', Buffer.from(head as string));
  if (words === null) expect(found).toBeNull();
  else expect(found?.message).toContain(`cdn.example:80 ${words}`);
});
