import { expect, test } from 'vitest';
import { readAsked } from '../../src/web-viewer/ask-for-pass.ts';

test.each([
  { name: 'a pass', body: { pass: 'mlg_x' }, expected: { type: 'pass', pass: 'mlg_x' } },
  {
    name: 'a link that is good no more',
    body: { error: { code: 'LINK_NEEDED', message: 'the time of this link is over' } },
    expected: { type: 'refused', why: 'the time of this link is over' },
  },
  {
    name: 'a ban',
    body: { error: { code: 'VIEWER_BANNED', message: 'whoever asks is banned from room lobby' } },
    expected: { type: 'refused', why: 'whoever asks is banned from room lobby' },
  },
  {
    name: 'what is no link at all',
    body: { error: { code: 'INVALID_REQUEST', message: 'expected {"link": "…"} as JSON' } },
    expected: { type: 'refused', why: 'this is no link of this room' },
  },
  {
    name: 'a crowd',
    body: { error: { code: 'LIMIT_REACHED', message: 'expected …' } },
    expected: { type: 'crowd' },
  },
  {
    name: 'a state that cannot be read',
    body: { error: { code: 'STATE_UNAVAILABLE', message: 'x' } },
    expected: { type: 'failed' },
  },
  { name: 'a page of a proxy', body: undefined, expected: { type: 'failed' } },
  { name: 'null', body: null, expected: { type: 'failed' } },
  { name: 'JSON of somebody else', body: { error: 'bad gateway' }, expected: { type: 'failed' } },
  { name: 'a pass that is none', body: { pass: 7 }, expected: { type: 'failed' } },
])('a page that asked for a pass and got $name knows what that means', ({ body, expected }) => {
  expect(readAsked(body)).toEqual(expected);
});
