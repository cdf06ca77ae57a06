import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { matching } from '../../../src/contract/event-types.ts';
import { EventHub, type NewEvent } from '../../../src/daemon/event-hub.ts';
import { startedEvent, statsEvent, viewer } from '../../cli/samples.ts';
import { keepEvents, usualLimits } from '../../helpers/history.ts';
import { temporaryFolder } from '../../helpers/state.ts';

const died = (pid: number): NewEvent => ({ type: 'worker.died', pid, message: 'killed' });
const joined: NewEvent = { type: 'viewer.joined', room: 'lobby', viewer };

test('KeptEvents tells what happened before a restart too, and since when nothing is missing', async () => {
  using folder = temporaryFolder();
  const hub = new EventHub();
  const begun = hub.now;
  {
    await using first = keepEvents(folder.path, hub);
    hub.announce(died(1));
    hub.announce(statsEvent);
    hub.announce(startedEvent);
    hub.announce(joined);
    expect((await first.past()).events.map(({ type }) => type)).toEqual(['worker.died', 'broadcast.started']);
    hub.announce(died(2));
  }
  await using second = keepEvents(folder.path, hub);
  hub.announce(died(3));
  const { from, events } = await second.past();
  expect(events).toMatchObject([{ pid: 1 }, { type: 'broadcast.started' }, { pid: 2 }, { pid: 3 }]);
  // Nothing is missing from the first of them on.
  expect(from >= begun && from <= (events[0]?.at ?? '')).toBe(true);
  expect((await second.past({ types: matching(['viewer.*']) })).events).toMatchObject([{ viewer }]);
  expect((await second.past({ sinceMs: 0 })).events).toEqual([]);
});

test('KeptEvents tells nothing of what happens after it was asked, however long it is read', async () => {
  using folder = temporaryFolder();
  const hub = new EventHub();
  await using events = keepEvents(folder.path, hub);
  for (let pid = 0; pid < 1200; pid++) hub.announce(died(pid));
  const past = events.past();
  hub.announce(died(9999));
  const pids = (await past).events.map((event) => 'pid' in event && event.pid);
  expect(pids).toEqual(Array.from({ length: 1200 }, (_, pid) => pid));
});

test('KeptEvents keeps no event that is too long, and says that it is missing', async () => {
  using folder = temporaryFolder();
  const hub = new EventHub();
  await using events = keepEvents(folder.path, hub);
  hub.announce(died(1));
  hub.announce({ type: 'worker.died', pid: 2, message: '長'.repeat(100_000) });
  await events.history.flush();
  const { from, events: told } = await events.past();
  expect(told).toMatchObject([{ pid: 1 }]);
  expect(from > (told[0]?.at ?? '')).toBe(true);
});

test('KeptEvents writes no address down where none is to be kept', async () => {
  using folder = temporaryFolder();
  const hub = new EventHub();
  await using events = keepEvents(folder.path, hub, { limits: { ...usualLimits, keepAddressesMs: 0 } });
  hub.announce(joined);
  const { events: told } = await events.past({ types: matching(['viewer.joined']) });
  expect(told).toMatchObject([{ viewer: { id: viewer.id, address: '–' } }]);
  const bytes = ['', '-wal'].map((end) => readFileSync(events.file + end, 'latin1')).join('');
  expect(bytes).not.toContain(viewer.address);
});
