import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { KeptSlates } from '../../../../src/ingest/process/slate/kept-slates.ts';
import type { Slate } from '../../../../src/ingest/process/slate/slate.ts';

function slateOf(bytes: number): Slate {
  const data = Buffer.alloc(bytes);
  return { frames: [{ kind: 'video', layer: 0, ptsUs: 0, key: true, data }], durationUs: 1_000_000 };
}

/** What nobody has any more is gone. */
async function collectGarbage(): Promise<void> {
  await new Promise(setImmediate);
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

test('KeptSlates makes the same slate once, and anew what failed', async () => {
  const kept = new KeptSlates();
  let made = 0;
  const make = async () => {
    made++;
    if (made === 1) throw new Error('its folder is away');
    return slateOf(1);
  };
  await expect(kept.of('image', '1', make)).rejects.toThrow('its folder is away');
  const slates = await Promise.all([kept.of('image', '1', make), kept.of('image', '1', make)]);
  expect([slates[0] === slates[1], await kept.of('image', '1', make)]).toEqual([true, slates[0]]);
  expect(made).toBe(2);
});

test('KeptSlates lets go what was not asked for the longest, where all of them are too large', async () => {
  const kept = new KeptSlates(100);
  const made: string[] = [];
  const ask = (content: string) =>
    kept.of(content, null, async () => {
      made.push(content);
      return slateOf(40);
    });
  for (const content of ['a', 'b', 'a', 'c']) await ask(content);
  await collectGarbage();
  for (const content of ['a', 'b']) await ask(content);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('KeptSlates makes anew what another file is there for, and not where that cannot be seen', async () => {
  const kept = new KeptSlates();
  const make = async () => slateOf(1);
  const first = await kept.of('image', '1', make);
  expect(await kept.of('image', null, make)).toBe(first);
  const second = await kept.of('image', '2', make);
  expect(second).not.toBe(first);
  expect(await kept.of('image', '2', make)).toBe(second);
});

test('KeptSlates makes no more than a process has memory for, but small ones, which stand in for the others', async () => {
  const kept = new KeptSlates(100, 1000);
  const ask = (content: string, bytes: number) => kept.of(content, null, async () => slateOf(bytes));
  const inUse = [await ask('a', 400), await ask('b', 400)];
  await expect(ask('c', 400)).rejects.toMatchObject({ code: 'SLATE_NOT_USABLE' });
  inUse.push(await ask('card', 10), await ask('d', 150));
  await expect(ask('e', 50)).rejects.toThrow('take too much memory already');
  expect(inUse).toHaveLength(4);
});

test('KeptSlates gives up what nobody shows for what is needed, and has what is shown once', async () => {
  const kept = new KeptSlates(1000, 1000);
  let made = 0;
  const ask = (content: string) =>
    kept.of(content, null, async () => {
      made++;
      return slateOf(400);
    });
  await ask('of a room that is gone');
  const shown = await ask('shown');
  await collectGarbage();
  await expect(ask('needed')).rejects.toMatchObject({ code: 'SLATE_NOT_USABLE' });
  await collectGarbage();
  const needed = await ask('needed');
  expect([await ask('shown'), await ask('needed'), made]).toEqual([shown, needed, 4]);
  expect(await ask('shown')).toBe(shown);
});
