import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../../../src/cli/client.ts';
import { createOutput } from '../../../src/cli/program/output.ts';
import { patientClient } from '../../../src/cli/program/patient-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What standard error gets of a call that is answered after so many ms. */
async function said(call: () => Parameters<Client['call']>, { json = false, isTTY = true, ms = 1500 } = {}) {
  const lines: string[] = [];
  const stderr = { isTTY, write: (text: string) => lines.push(text) };
  const output = createOutput({ stdout: { write: () => {} }, stderr, json, color: false });
  const late = (() => new Promise<void>((resolve) => setTimeout(resolve, ms))) as unknown as Client['call'];
  const client = patientClient(
    {
      ...{
        place: { kind: 'socket', path: '' } as const,
        call: late,
        scan: undefined as never,
        doctor: null as never,
        send: null as never,
      },
      ...{ logs: null as never, observe: null as never, events: null as never },
    },
    output,
  );
  const answered = client.call(...call());
  await vi.advanceTimersByTimeAsync(ms);
  await answered;
  await vi.advanceTimersByTimeAsync(5000);
  return lines.join('');
}

const cam = { kind: 'publisher', key: 'cam1' } as const;
const take = () =>
  ['control', { room: 'lobby', command: { type: 'take', source: cam } }] as Parameters<Client['call']>;

test.each([
  [take(), 'waiting for the first picture of cam1 …\n'],
  [['startBroadcast', { room: 'lobby', source: cam }], 'waiting for the first picture of cam1 …\n'],
  [['control', { room: 'lobby', command: { type: 'pause' } }], 'waiting for lobby to do so …\n'],
  [['probe', { source: { kind: 'file', path: '/srv/a.mp4' } }], 'waiting for a look into a.mp4 …\n'],
  [['status', {}], 'waiting for the answer of the daemon …\n'],
])('On a terminal, what takes long says what is waited for: %o', async (call, words) => {
  expect(await said(() => call as Parameters<Client['call']>)).toBe(words);
});

test.each([
  ['what is soon there', { ms: 900 }],
  ['a pipe', { isTTY: false }],
  ['JSON', { json: true }],
])('Nothing is said of %s', async (_, options) => {
  expect(await said(take, options)).toBe('');
});

test.each([
  {
    name: 'a terminal',
    isTTY: true,
    json: false,
    said: '\r\u001b[K0:01 of 0:45\\e\r\u001b[K0:02 of 0:45\r\u001b[K',
  },
  { name: 'a pipe', isTTY: false, json: false, said: '' },
  { name: 'JSON', isTTY: true, json: true, said: '' },
])('On $name progress is one line that is gone at the end, or nothing', ({ isTTY, json, said }) => {
  const written: string[] = [];
  const stderr = { isTTY, write: (text: string) => written.push(text) };
  const output = createOutput({ stdout: { write: () => {} }, stderr, json, color: false });
  {
    using progress = output.progress();
    progress.show('0:01 of 0:45\u001b');
    progress.show('0:02 of 0:45');
  }
  expect(written.join('')).toBe(said);
});
