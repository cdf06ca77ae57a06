import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { NewDeclared } from '../../../src/contract/event/declared.ts';
import { MortalDaemon } from '../../helpers/mortal-daemon.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const declared: NewDeclared = {
  name: 'event',
  rooms: { one: { hold: '9s' } },
  keys: [{ room: 'one', name: 'cam1', hash: 'a'.repeat(64) }],
  playlists: { list: { items: [{ source: { kind: 'test' }, forMs: 3_600_000 }] } },
  schedules: {
    later: {
      ...{ room: 'one', when: { at: '2099-12-01 09:00', zone: 'UTC' } },
      what: { call: 'startBroadcast', params: { source: { kind: 'test' } } },
    },
  },
  broadcasts: { one: { source: { kind: 'test' } }, two: { source: { kind: 'saved', playlist: 'list' } } },
};
/** What stands in rows, and is changed at once. */
const rows = ['room one', 'key one/cam1', 'playlist list', 'schedule later'];

test('an apply that is killed has done all of the state or nothing; applied again, it does the rest, and nothing twice', async () => {
  await using folder = await temporaryFolder();
  await using daemon = await MortalDaemon.create(folder.path);
  const { client } = daemon;
  const written = () => {
    using database = new DatabaseSync(daemon.stateFile, { readOnly: true });
    return Number(database.prepare('SELECT COUNT(*) AS count FROM rooms').get()?.count) > 0;
  };
  const onAir = async () => (await client.call('listBroadcasts', {})).length;
  /** When it is killed, from the first step on. */
  const moments: readonly (() => boolean | Promise<boolean>)[] = [
    () => true,
    written,
    async () => (await onAir()) > 0,
  ];
  await daemon.start();
  for (const isIt of moments) {
    // What an earlier round has left.
    await client.call('apply', { declared: { name: 'event' }, prune: true, yes: true });
    const key = { room: 'one', name: 'cam1', hash: moments.indexOf(isIt).toString().repeat(64) };
    const event = { ...declared, keys: [key] };
    const applying = client.call('apply', { declared: event }).catch(() => null);
    while (!(await isIt())) await nextTurn();
    await daemon.kill();
    await applying;

    await daemon.start();
    const { changes } = await client.call('planApply', { declared: event });
    const left = changes.map(({ what, name }) => `${what} ${name}`).filter((name) => rows.includes(name));
    expect([[], rows.toSorted()]).toContainEqual(left.toSorted());
    await client.call('apply', { declared: event, wait: true });
    expect(await client.call('planApply', { declared: event })).toEqual({
      changes: [],
      problems: [],
      left: [],
      paused: [],
    });
    expect(await onAir()).toBe(2);
    expect(await client.call('listKeys', {})).toHaveLength(1);
  }
});
