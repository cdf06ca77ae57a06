import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LocalGuard } from '../../../../src/ingest/guard/local-guard.ts';
import { Network } from '../../../../src/ingest/guard/network.ts';
import { SrtConnections } from '../../../../src/ingest/sources/srt/srt-connections.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

const [room, url] = ['lobby', 'srt://127.0.0.1:9000'];

/** Connections whose ffmpeg gives what stands in a file, and what comes into it. */
async function connections(stack: AsyncDisposableStack) {
  const { path } = stack.use(await temporaryFolder());
  const [ffmpeg, begun, given] = ['ffmpeg', 'begun', 'given'].map((name) => join(path, name));
  if (!ffmpeg || !begun || !given) throw new Error('expected three names');
  const script = `#!/bin/sh\necho >> '${begun}'\nexec tail -c +1 -f '${given}'\n`;
  await writeFile(ffmpeg, script, { mode: 0o755 });
  await writeFile(given, 'no MPEG-TS '.repeat(100));
  const clock = new VirtualClock();
  const guard = new LocalGuard(new Network({ allowPrivateNetworks: true }));
  const srt = stack.use(new SrtConnections({ ffmpeg, guard, clock }));
  return {
    ...{ srt, clock },
    give: () => appendFile(given, 'more'),
    count: async () => (await readFile(begun, 'utf8')).length,
  };
}

test('SrtConnections leaves alone what plays where another look at it comes to nothing', async () => {
  await using stack = new AsyncDisposableStack();
  const { srt, count } = await connections(stack);
  await using _plays = await srt.open(room, url, 'play');
  const look = await srt.open(room, url, 'look');
  srt.drop(room, url);
  await look[Symbol.asyncDispose]();
  await using _again = await srt.open(room, url, 'look');
  expect(await count()).toBe(1);
});

test('SrtConnections closes what nothing could be made of, where nobody else has it', async () => {
  await using stack = new AsyncDisposableStack();
  const { srt, count } = await connections(stack);
  const look = await srt.open(room, url, 'look');
  srt.drop(room, url);
  await look[Symbol.asyncDispose]();
  await using _again = await srt.open(room, url, 'look');
  expect(await count()).toBe(2);
});

test.each([
  { who: 'plays', plays: true, begun: 1 },
  { who: 'has looked', plays: false, begun: 2 },
])(
  'SrtConnections calls a server that is still $begun times in all where somebody $who',
  async ({ plays, begun }) => {
    await using stack = new AsyncDisposableStack();
    const { srt, clock, give, count } = await connections(stack);
    const first = await srt.open(room, url, plays ? 'play' : 'look');
    if (plays) stack.use(first);
    else await first[Symbol.asyncDispose]();
    await clock.pass(600);
    const next = srt.open(room, url, 'play');
    await give();
    stack.use(await next);
    expect(await count()).toBe(begun);
  },
);
