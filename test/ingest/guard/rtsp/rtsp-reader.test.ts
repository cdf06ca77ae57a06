import { describe, expect, test } from 'vitest';
import { encodeMessage, headerOf, withHeader } from '../../../../src/ingest/guard/rtsp/rtsp-message.ts';
import { type RtspPart, RtspReader } from '../../../../src/ingest/guard/rtsp/rtsp-reader.ts';

const head = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\n';
const described = `${head}Content-Length: 5\r\n\r\nv=0\r\n`;
const packet = '$\x01\x00\x03$\r\n';
const long = 'x'.repeat(16_384);

/** What comes of it, in pieces of so many bytes, and what is left. */
function readIn(pieces: number, text: string): { parts: RtspPart[]; rest: string } {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new RtspReader();
  const parts: RtspPart[] = [];
  for (let at = 0; at < bytes.length; at += pieces) {
    reader.add(bytes.subarray(at, at + pieces));
    for (let part = reader.next(); part; part = reader.next()) parts.push(part);
  }
  return { parts, rest: reader.rest().toString('latin1') };
}

describe('RtspReader reads', () => {
  test.each([
    { name: 'an answer', text: `${head}\r\n`, kinds: ['message'] },
    {
      name: 'requests behind each other',
      text: 'PLAY * RTSP/1.0\nCSeq: 1\n\nPAUSE * RTSP/1.0\n\n',
      kinds: ['message', 'message'],
    },
    {
      name: 'a description, and what follows it',
      text: `${described}${head}\r\n`,
      kinds: ['message', 'message'],
    },
    { name: 'a message behind empty lines', text: `\r\n\r\n${head}\r\n`, kinds: ['message'] },
    {
      name: 'packets between answers',
      text: `${packet}${head}\r\n${packet}`,
      kinds: ['packet', 'message', 'packet'],
    },
    { name: 'half an answer as nothing yet', text: head, kinds: [], rest: head },
    { name: 'half a packet as nothing yet', text: '$\x01\x00\x09abc', kinds: [], rest: '$\x01\x00\x09abc' },
  ])('$name, however it is cut', ({ text, kinds, rest = '' }) => {
    for (const pieces of [1, 2, 7, text.length]) {
      const read = readIn(pieces, text);
      expect(read.parts.map(({ kind }) => kind)).toEqual(kinds);
      expect(read.rest).toBe(rest);
      expect(Buffer.concat(read.parts.map(({ bytes }) => bytes)).toString('latin1') + rest).toBe(text);
    }
  });

  test.each([
    { name: 'HTTP', text: 'HTTP/1.1 400 Bad Request\r\n\r\n' },
    { name: 'a line without an end', text: long },
    { name: 'headers without an end', text: `${head}A: ${long}` },
    { name: 'a body of a gigabyte', text: `${head}Content-Length: 1073741824\r\n\r\n` },
    { name: 'a body of less than nothing', text: `${head}Content-Length: -1\r\n\r\n` },
  ])('$name as no RTSP', ({ text }) => {
    expect(readIn(text.length, text).parts.map(({ kind }) => kind)).toEqual(['strange']);
  });
});

test('withHeader writes one header anew, whatever its letters, and leaves the rest', () => {
  const message = { lines: ['SETUP a RTSP/1.0', 'cseq: 3', 'Session: A;timeout=60'], body: Buffer.from('b') };
  const changed = withHeader(message, 'CSeq', '4');
  expect(encodeMessage(changed).toString()).toBe(
    'SETUP a RTSP/1.0\r\nSession: A;timeout=60\r\nCSeq: 4\r\n\r\nb',
  );
  expect(headerOf(changed, 'SESSION')).toBe('A;timeout=60');
  expect(withHeader(changed, 'Session', undefined).lines).toEqual(['SETUP a RTSP/1.0', 'CSeq: 4']);
});
