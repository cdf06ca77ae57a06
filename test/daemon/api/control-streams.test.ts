import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { expect, test } from 'vitest';
import { ControlStreams, type ControlStreamsOptions } from '../../../src/daemon/api/control-streams.ts';

/** What never says anything. */
const silence = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };

test('who comes with one token takes no more than his part of the streams, and what is over gives its place back', async () => {
  const streams = new ControlStreams({} as ControlStreamsOptions);
  const open = (token: string | null) => {
    const raw = new EventEmitter();
    const lines = streams.lines(silence, new AbortController(), { raw } as unknown as FastifyReply, token);
    return { raw, answer: Promise.race([lines, Promise.resolve('open')]) };
  };
  const [first] = Array.from({ length: 20 }, () => open('t-guest'));
  await expect(open('t-guest').answer).rejects.toThrow('there are 20 streams with this token already');
  for (const other of ['t-other', null]) expect(await open(other).answer).toBe('open');
  first?.raw.emit('close');
  expect(await open('t-guest').answer).toBe('open');
});
