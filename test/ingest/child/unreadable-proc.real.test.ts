import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { usualBounds } from '../../../src/ingest/child/child-watch.ts';
import { WatchedChild } from '../../../src/ingest/child/watched-child.ts';
import type { Said, Script } from './scripted-child.ts';

/** What of /proc was to be read, as of a process that waits for a disk which does not answer. */
const asked = vi.hoisted(() => new EventTarget());
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const readFile = (path: string, ...rest: []) => {
    if (!path.endsWith('/environ')) return real.readFile(path, ...rest);
    asked.dispatchEvent(new Event('environ'));
    return new Promise(() => {});
  };
  return { ...real, readFile };
});

test('WatchedChild tells that a process is gone, and closes, though what it has started cannot be looked for', async () => {
  const child = new WatchedChild<Script, Said>(
    {
      ...{
        entry: new URL('./scripted-child.ts', import.meta.url),
        begin: 'work',
        environment: 'none',
        marks: false,
      },
      bounds: { ...usualBounds, maxMemoryBytes: 2 ** 30 },
    },
    () => {},
  );
  await child.ready;
  const order: string[] = [];
  const looked = once(asked, 'environ');
  process.kill(child.pid, 'SIGKILL');
  await Promise.all([
    child.ended.then(() => order.push('told')),
    child.over.then(() => order.push('given up')),
    looked,
  ]);
  expect(order).toEqual(['told', 'given up']);
  await child.close();
});
