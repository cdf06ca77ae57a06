import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { names } from './killed-rooms.ts';
import { KilledEvent } from './kills.ts';

test('What was to be on air is on air again, where it was, each time that the daemon is killed', async () => {
  await using folder = await temporaryFolder();
  await using event = await KilledEvent.begin(folder.path);
  // Before it has read its state, while it opens what it has read, and when some of that is on air again.
  await event.survive({ suddenMs: [150, 400, 900] });
  await event.survive({ suddenMs: [], what: 'all' });
  const { broadcasts } = await event.daemon.client.call('status', {});
  expect(broadcasts).toHaveLength(names.length);
});
