import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ProgrammeState } from '../../../src/contract/programme-state.ts';
import { RemoteProgramme } from '../../../src/ingest/pool/remote-programme.ts';

test('RemoteProgramme is asked once by all who ask at one moment, and anew by who asks later', async () => {
  let asked = 0;
  const state = async () => ({ switches: ++asked }) as ProgrammeState;
  const carrier = { send: () => {}, state, closeProgramme: () => Promise.resolve() };
  const programme = new RemoteProgramme(carrier, 'a', 'lobby', 4000);
  const answers = await Promise.all(Array.from({ length: 50 }, () => programme.state()));
  expect([new Set(answers).size, asked]).toEqual([1, 1]);
  await setImmediate();
  expect((await programme.state()).switches).toBe(2);
});
