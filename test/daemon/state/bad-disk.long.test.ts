import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { mountSmall } from '../../helpers/mount-small.ts';
import { noteFrames, shownFrames } from '../../helpers/shown-frames.ts';

/** Pictures that a viewer gets while the disk is bad, of 25 a second. */
const pictures = 75;

test.runIf(process.getuid?.() === 0)(
  'A disk that is full, a state that another program or another daemon holds: operators go on, a viewer sees all of it, and it is written once it can be',
  async () => {
    await using scope = new AsyncDisposableStack();
    const mounted = scope.use(mountSmall());
    const dir = join(mounted.path, 'state');
    const first = scope.use(await startDaemon({ rtmp: { enabled: false }, state: { dir } }));
    const client = createClient(first.socket);
    const path = await makeMedia('recovery-one.mp4', {
      args: [...picture('320x180', 60), ...tone(440, 60), ...h264(15), ...aac],
    });
    const source = { kind: 'file', path, loop: true } as const;
    await client.call('startBroadcast', { room: 'lobby', source, keep: true });
    const browser = scope.adopt(await launchBrowser(), (one) => one.close());
    const page = await browser.newPage();
    await page.addInitScript(noteFrames);
    await page.goto(`${first.url}/lobby`);
    const shown = async () => (await shownFrames(page)).length;
    const problem = async () => (await client.call('status', {})).state.problem;
    const degraded = async () => (await client.call('status', {})).degraded.map(({ part }) => part);
    const write = () => client.call('createKey', { room: 'lobby', expiresMs: null });
    let percent = 100;
    /** What operators do while it is so, and what a viewer has of it. */
    const goesOn = async () => {
      const from = await shown();
      await client.call('control', { room: 'lobby', command: { type: 'volume', percent: --percent } });
      const { id } = await client.call('startBroadcast', { room: 'hall', source, keep: true });
      await expect.poll(degraded).toContain('kept broadcasts');
      await client.call('stopBroadcast', { id });
      await expect.poll(shown).toBeGreaterThan(from + pictures);
    };
    const isWritten = async () => {
      await expect.poll(degraded).not.toContain('kept broadcasts');
      await write();
      expect(await problem()).toBeNull();
      using database = new DatabaseSync(join(dir, 'state.db'), { readOnly: true });
      const rows = database.prepare('SELECT room, wanted FROM broadcasts').all();
      expect(rows).toEqual([
        { room: 'lobby', wanted: expect.stringContaining(`"volumePercent":${percent}`) },
      ]);
    };
    await expect.poll(shown).toBeGreaterThan(0);

    const fill = join(mounted.path, 'fill');
    await execa('dd', ['if=/dev/zero', `of=${fill}`, 'bs=4k'], { reject: false });
    await goesOn();
    await rm(fill);
    await isWritten();

    const other = new DatabaseSync(join(dir, 'state.db'));
    other.exec('BEGIN IMMEDIATE');
    await expect(write()).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
    await goesOn();
    other.exec('ROLLBACK');
    other.close();
    await isWritten();

    const second = scope.use(await startDaemon({ rtmp: { enabled: false }, state: { dir } }));
    const held = `another daemon (pid ${process.pid}, ${first.socket}) holds the state`;
    const words = expect.stringContaining(held);
    expect((await createClient(second.socket).call('status', {})).state.problem).toEqual(words);
    await expect(
      createClient(second.socket).call('createKey', { room: 'lobby', expiresMs: null }),
    ).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE', message: words });
    await isWritten();

    const { onAir, switches, slates } = await client.call('getProgramme', { room: 'lobby' });
    expect([onAir.entry, switches, slates]).toEqual(['main', 0, 0]);
  },
);
