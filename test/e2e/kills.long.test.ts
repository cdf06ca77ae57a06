import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { names } from './killed-rooms.ts';
import { KilledEvent } from './kills.ts';

test('What was to be on air is on air again, where it was, each time that the daemon is killed', {
  timeout: 300_000,
}, async () => {
  await using folder = await temporaryFolder();
  await using event = await KilledEvent.begin(folder.path);
  // All its processes as by a loss of power; then before it has read its state, while it opens what it has read, and when some of that is on air again.
  await event.survive({ suddenMs: [150, 400, 900], first: 'all' });
  const { broadcasts } = await event.daemon.client.call('status', {});
  expect(broadcasts).toHaveLength(names.length);
});
