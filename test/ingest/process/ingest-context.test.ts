import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { Source } from '../../../src/contract/models.ts';
import { sourceKey } from '../../../src/ingest/child/mark.ts';
import type { Guard } from '../../../src/ingest/guard/guard.ts';
import { IngestContext } from '../../../src/ingest/process/ingest-context.ts';
import { Routes } from '../../../src/ingest/process/players/routes.ts';
import { RemoteTurns } from '../../../src/ingest/process/remote-turns.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';
import { ScriptedDaemon } from './scripted-daemon.ts';

const url = 'http://talks.example/live.ts';
const source: Source = { kind: 'url', url, live: true, loop: false, audioTrack: null };

const guard: Guard = {
  openHttp: () => Promise.reject(new Error('none is expected')),
  openRelay: () => Promise.reject(new Error('none is expected')),
  addresses: async () => [],
  [Symbol.asyncDispose]: async () => {},
};

/** A room whose source opens as `opening` does, and what becomes of its turns. */
async function room(opening: Promise<void>) {
  const clock = new VirtualClock();
  const daemon = new ScriptedDaemon();
  const { said } = daemon;
  const turns = new RemoteTurns(daemon.asker);
  const openHttp = async () => {
    await opening;
    return {
      ...{ location: url, env: {}, refusal: async () => null, variants: async () => null },
      close: () => said.push('closed'),
    };
  };
  const context = await IngestContext.create(sourcesOptions, new Routes(new ScriptedDaemon().asker), {
    ...{ clock, turns, guard: { ...guard, openHttp } },
  });
  return { clock, said, daemon, context, sources: context.sourcesOf('lobby') };
}

/** What came of a promise, once it has. */
function outcome(asked: Promise<unknown>): string[] {
  const words: string[] = [];
  asked.then(
    () => words.push('had'),
    (error: Error) => words.push(error.message),
  );
  return words;
}

test('A source that is never opened is given up, and so is its turn; what comes of it later is closed', async () => {
  const opening = Promise.withResolvers<void>();
  const { clock, said, daemon, sources } = await room(opening.promise);
  const words = outcome(sources.open(source));
  // However long it waits for its turn: that is no failure of the source.
  await clock.pass(600_000);
  expect(words).toEqual([]);
  daemon.answer(1);
  await clock.pass(14_999);
  expect({ words, said }).toEqual({ words: [], said: ['turn 1'] });
  await clock.pass(1);
  expect({ words, said }).toEqual({
    words: ['it was not opened within 15000 ms'],
    said: ['turn 1', 'turn 1 over'],
  });
  opening.resolve();
  await clock.pass(1);
  expect(said.at(-1)).toBe('closed');
  expect(clock.timers).toBe(0);
});

test('A room waits for the daemon until it has its turn', async () => {
  const { clock, context, daemon, sources } = await room(Promise.resolve());
  const words = outcome(sources.open(source));
  await clock.pass(1);
  expect([context.waitsForDaemon('lobby'), context.waitsForDaemon('hall')]).toEqual([true, false]);
  daemon.answer(1);
  await clock.pass(1);
  expect([context.waitsForDaemon('lobby'), words]).toEqual([false, ['had']]);
});

test('A room waits for the daemon until it has its route', async () => {
  const { clock, context } = await room(Promise.resolve());
  const leaving = new AbortController();
  const words = outcome(context.routes.open('hall', '1', clock, leaving.signal));
  expect([context.waitsForDaemon('lobby'), context.waitsForDaemon('hall')]).toEqual([false, true]);
  leaving.abort(new Error('it is closed'));
  await clock.pass(1);
  expect([context.waitsForDaemon('hall'), words]).toEqual([false, ['it is closed']]);
});

test('What goes on behind what is on air is opened without a turn', async () => {
  const { clock, said, sources } = await room(Promise.resolve());
  const words = outcome(sources.open(source, undefined, true));
  await clock.pass(1);
  expect({ words, said }).toEqual({ words: ['had'], said: [] });
});

test.each(['open', 'prepare', 'durationMs'] as const)(
  'Whoever waits no more for %s gives its turn back at once, whatever the source does',
  async (what) => {
    const { clock, said, daemon, sources } = await room(new Promise(() => {}));
    const leaving = new AbortController();
    const { signal } = leaving;
    const words = outcome(
      what === 'prepare' ? sources.prepare(source, planOptions, signal) : sources[what](source, signal),
    );
    await clock.pass(1);
    daemon.answer(1);
    await clock.pass(1000);
    leaving.abort(new Error('it is closed'));
    await clock.pass(1);
    expect({ words, said }).toEqual({ words: ['it is closed'], said: ['turn 1', 'turn 1 over'] });
    expect(clock.timers).toBe(0);
  },
);

test.each(['open', 'prepare', 'durationMs'] as const)(
  'A source that was set aside is not worked on for %s, nor waits for its turn',
  async (what) => {
    const { clock, said, context, sources } = await room(Promise.resolve());
    context.setAside([sourceKey('lobby', source)]);
    const asked =
      what === 'prepare'
        ? sources.prepare(source, planOptions)
        : sources[what](source, new AbortController().signal);
    const words = outcome(asked);
    await clock.pass(1);
    expect({ words: words.join(), said }).toEqual({
      words: expect.stringContaining('it ended the process that played it'),
      said: [],
    });
  },
);

test('A publisher that was set aside is not worked on, however it comes', async () => {
  const context = await IngestContext.create(sourcesOptions, new Routes(new ScriptedDaemon().asker));
  const publisher: Source = { kind: 'publisher', key: 'main' };
  context.setAside([sourceKey('lobby', publisher)]);
  expect(() => context.slice('lobby', publisher)).toThrow('it ended the process that played it');
  expect(() => context.slice('hall', publisher)).not.toThrow();
});

test.each([
  ['waits', 'open', []],
  ['fails', 'open', ['the process that opens addresses is not there']],
  ['waits', 'durationMs', []],
  ['waits', 'prepare', []],
] as const)(
  'Without the guard, who %s for it with %s hears %j, and waits no longer than is wanted',
  async (how, what, expected) => {
    const clock = new VirtualClock();
    let asked = 0;
    const openHttp = async () => {
      asked++;
      throw new MiroliveError('INGEST_UNAVAILABLE', 'the process that opens addresses is not there');
    };
    const context = await IngestContext.create(sourcesOptions, new Routes(new ScriptedDaemon().asker), {
      ...{ clock, guard: { ...guard, openHttp } },
    });
    const sources = context.sourcesOf('lobby', how);
    const leaving = new AbortController();
    const { signal } = leaving;
    const words = outcome(
      what === 'prepare' ? sources.prepare(source, planOptions, signal) : sources[what](source, signal),
    );
    await clock.pass(600_000);
    expect(words).toEqual(expected);
    expect(asked > 1).toBe(how === 'waits');
    leaving.abort(new Error('it is closed'));
    await clock.pass(1000);
    expect(words).toHaveLength(1);
    expect(clock.timers).toBe(0);
  },
);

test('A look that never answers ends in bounded time', async () => {
  const { clock, said, daemon, sources } = await room(new Promise(() => {}));
  const words = outcome(sources.prepare(source, planOptions));
  await clock.pass(1);
  daemon.answer(1);
  await clock.pass(15_000 + 3 * sourcesOptions.probeTimeoutMs);
  expect(words).toHaveLength(1);
  expect(words[0]).toMatch(/^it was not looked at within/);
  expect(said.at(-1)).toBe('turn 1 over');
});
