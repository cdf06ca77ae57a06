import { expect, test, vi } from 'vitest';
import { type Config, config } from '../../../src/contract/config.ts';
import type { Event } from '../../../src/contract/events.ts';
import { hookOf } from '../../../src/daemon/hooks/hooks-of-event.ts';
import { LocalHooks } from '../../../src/daemon/hooks/local-hooks.ts';
import type { HookEnd, HookRun } from '../../../src/daemon/hooks/run-hook.ts';
import { endedEvent, slateEvent, startedEvent, statsEvent, viewer } from '../../cli/samples.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const done: HookEnd = { how: 'done', words: 'ended with status 0', output: '' };
const of = (room: string): Event => ({ ...endedEvent('stopped'), room });

function hooks(words: object = { onEnded: ['/bin/tally', 'off'] }) {
  const clock = new VirtualClock();
  const runs: (HookRun & { readonly end: (how?: HookEnd) => void; readonly fail: (error: Error) => void })[] =
    [];
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn() };
  const settings: Config = config.parse({ hooks: words });
  const watch = vi.fn(() => ({ close: () => {} }));
  const local = new LocalHooks({
    ...{ config: settings, clock, log, watch },
    env: { PATH: '/usr/bin', AWS_SECRET_ACCESS_KEY: 'secret' },
    run: (run) =>
      new Promise((resolve, fail) => runs.push({ ...run, end: (how = done) => resolve(how), fail })),
  });
  return { local, runs, log, clock, settings, watch };
}

test.each([
  [startedEvent, 'onLive'],
  [endedEvent('failed'), 'onEnded'],
  [{ type: 'source.away' }, 'onTrouble'],
  [{ type: 'source.back' }, 'onRecovery'],
  [{ type: 'daemon.degraded' }, 'onTrouble'],
  [slateEvent, null],
  [statsEvent, null],
  [{ type: 'viewer.joined' }, null],
  [{ type: 'publisher.refused' }, null],
] as const)(
  'of events those that matter start a hook, and none that strangers can make: %o',
  (event, hook) => {
    expect(hookOf(event as Event)).toBe(hook);
  },
);

test('a hook gets the event on its standard input, few variables, and nothing of the environment that is not its own', async () => {
  const { local, runs } = hooks({ onLive: ['tally', 'on air'], timeout: '3s' });
  local.hear(startedEvent);
  expect(runs[0]).toMatchObject({ command: ['tally', 'on air'], timeoutMs: 3000 });
  const { at: _, type, ...data } = startedEvent as Extract<Event, { type: 'broadcast.started' }>;
  expect(JSON.parse(runs[0]?.input ?? '')).toMatchObject({
    ...{ type, timestamp: startedEvent.at },
    data,
  });
  expect(runs[0]?.env).toEqual({
    PATH: '/usr/bin',
    MIROLIVE_HOOK: 'onLive',
    MIROLIVE_EVENT: 'broadcast.started',
    MIROLIVE_AT: startedEvent.at,
    MIROLIVE_ROOM: 'lobby',
    MIROLIVE_BROADCAST: 'b-aaaaaaaaaa',
  });
});

test('nothing is run, nor watched, where the configuration wants nothing', () => {
  const { local, runs, watch } = hooks({ onLive: ['tally'] });
  local.hear(endedEvent('stopped'));
  expect(runs).toEqual([]);
  expect(watch).not.toHaveBeenCalled();
});

test('hooks of one room run one after the other, at most four at once, and each is marked as its own', async () => {
  const { local, runs, clock } = hooks();
  for (const room of ['a', 'a', 'b', 'c', 'd', 'e']) local.hear(of(room));
  expect(runs.map(({ env }) => env.MIROLIVE_ROOM)).toEqual(['a', 'b', 'c', 'd']);
  runs[0]?.end();
  await clock.pass(0);
  expect(runs.map(({ env }) => env.MIROLIVE_ROOM)).toEqual(['a', 'b', 'c', 'd', 'a']);
  expect(new Set(runs.map(({ family }) => family)).size).toBe(5);
});

test('of hooks that hang no more than a hundred wait: the oldest are left out, which is told once a minute', async () => {
  const { local, runs, log, clock } = hooks();
  for (let count = 0; count < 150; count++) local.hear({ ...of('a'), message: `${count}` } as Event);
  expect(log.warn.mock.calls).toEqual([[{ leftOut: 1 }, 'too many hooks wait: the oldest are left out']]);
  runs[0]?.end();
  await clock.pass(0);
  expect(JSON.parse(runs[1]?.input ?? '').data.message).toBe('50');
  await clock.pass(60_000);
  local.hear(of('a'));
  local.hear(of('a'));
  expect(log.warn.mock.calls[1]?.[0]).toEqual({ leftOut: 49 });
});

test('how a hook went is in the log with what it said', async () => {
  const { local, runs, log, clock } = hooks();
  local.hear(of('a'));
  runs[0]?.end({ how: 'failed', words: 'ended with status 3', output: 'no lamp' });
  await clock.pass(0);
  expect(log.warn.mock.calls).toEqual([
    [{ hook: 'onEnded', event: 'broadcast.ended', output: 'no lamp' }, 'hook onEnded ended with status 3'],
  ]);
});

test('what the configuration says when it is read again holds for the next event, and for those that wait', async () => {
  const { local, runs, settings, clock } = hooks();
  local.hear(of('a'));
  local.hear(of('a'));
  settings.hooks = config.parse({ hooks: { onEnded: ['/bin/lamp'] } }).hooks;
  runs[0]?.end();
  await clock.pass(0);
  expect(runs.map(({ command }) => command[0])).toEqual(['/bin/tally', '/bin/lamp']);
});

test('the end of the daemon waits a moment for hooks, ends what goes on, and close() is idempotent', async () => {
  const { local, runs, clock } = hooks();
  local.hear(of('a'));
  local.hear(of('a'));
  const closed = vi.fn();
  void local.close().then(closed);
  await clock.pass(999);
  expect([closed.mock.calls.length, runs[0]?.signal.aborted]).toEqual([0, false]);
  await clock.pass(1);
  expect(runs[0]?.signal.aborted).toBe(true);
  runs[0]?.end();
  await clock.pass(0);
  expect([closed.mock.calls.length, runs.length]).toEqual([1, 1]);
  await local.close();
  local.hear(of('a'));
  expect(runs).toHaveLength(1);
});

test('no viewer has an address there', () => {
  const { local, runs } = hooks({ onUnpublish: ['x'], onPublish: ['x'] });
  const publisher = { id: 'p-aaaaaaaaaa', room: 'lobby', key: 'cam1', protocol: 'rtmp', state: 'live' };
  local.hear({
    ...{ at: viewer.joinedAt, type: 'publisher.joined', room: 'lobby' },
    publisher: { ...publisher, address: viewer.address, since: viewer.joinedAt },
  } as Event);
  expect(runs[0]?.input).toContain('cam1');
  expect(runs[0]?.input).not.toContain(viewer.address);
});

test('a hook that could not be run to its end takes nobody its place', async () => {
  const { local, runs, log, watch } = hooks();
  watch.mockImplementationOnce(() => {
    throw new Error('out of memory');
  });
  for (let i = 0; i < 3; i++) local.hear(of('lobby'));
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  runs[0]?.fail(new Error('out of descriptors'));
  await vi.waitFor(() => expect(runs).toHaveLength(2));
  runs[1]?.end();
  await local.close();
  expect(log.warn.mock.calls.map(([{ err }]) => err.message)).toEqual([
    'out of memory',
    'out of descriptors',
  ]);
});
