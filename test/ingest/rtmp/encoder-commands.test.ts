import { expect, test } from 'vitest';
import { answersTo, readCommand } from '../../../src/ingest/rtmp/encoder-commands.ts';
import { type Amf, amf } from '../../helpers/raw-rtmp.ts';

const result = (transId: number) => ({ cmd: '_result', transId, cmdObj: null, info: null });

test.each<{ command: Amf[]; answers: unknown[] }>([
  { command: ['releaseStream', 2, null, 'key1'], answers: [result(2)] },
  {
    command: ['FCPublish', 3, null, 'key1'],
    answers: [
      result(3),
      {
        ...result(0),
        cmd: 'onFCPublish',
        info: expect.objectContaining({ code: 'NetStream.Publish.Start' }),
      },
    ],
  },
  {
    command: ['FCUnpublish', 6, null, 'key1'],
    answers: [result(6), expect.objectContaining({ cmd: 'onFCUnpublish' })],
  },
  { command: ['_checkbw', 4, null], answers: [result(4)] },
  { command: ['getStreamLength', 5, null, 'key1'], answers: [result(5)] },
  { command: ['constructor', 5, null], answers: [result(5)] },
  { command: ['__proto__', 5, null], answers: [result(5)] },
  { command: ['somethingElse', 0, null], answers: [] },
  { command: ['_result', 5, null], answers: [] },
  { command: ['createStream', 4, null], answers: [] },
  { command: ['publish', 5, null, 'key1'], answers: [] },
])('$command.0 is answered', ({ command, answers }) => {
  const read = readCommand(amf(...command));
  expect(read && answersTo(read)).toEqual(answers);
});

test.each([
  { name: 'nothing', bytes: Buffer.alloc(0) },
  { name: 'a number', bytes: amf(7) },
  { name: 'a name that is cut off', bytes: amf('FCPublish', 3).subarray(0, 8) },
])('$name is no command', ({ bytes }) => {
  expect(readCommand(bytes)).toBeNull();
});

test('a command that is cut off in its number wants no answer', () => {
  expect(readCommand(amf('FCPublish', 3).subarray(0, -1))).toEqual({ name: 'FCPublish', transaction: 0 });
});
