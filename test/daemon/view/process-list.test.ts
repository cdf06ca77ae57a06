import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KnownProcess } from '../../../src/daemon/view/known-processes.ts';
import { ProcessList } from '../../../src/daemon/view/process-list.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A line of proc(5): parent 7, 1.5 s by itself and 0.5 s in the kernel. */
const stat = (pid: number, name: string) =>
  `${pid} (${name}) S 7 ${'0 '.repeat(9)}150 50 ${'0 '.repeat(8)}1000 0\n`;

test('ProcessList tells of what it is asked for, and of each ffmpeg of an ingest process, whatever the others are called', async () => {
  await using folder = await temporaryFolder();
  const add = async (pid: number, name: string, children: Record<string, string> = {}) => {
    for (const [thread, pids] of Object.entries(children)) {
      await mkdir(join(folder.path, `${pid}`, 'task', thread), { recursive: true });
      await writeFile(join(folder.path, `${pid}`, 'task', thread, 'children'), pids);
    }
    await mkdir(join(folder.path, `${pid}`), { recursive: true });
    await writeFile(join(folder.path, `${pid}`, 'stat'), stat(pid, name));
  };
  await add(10, 'mirolive ingest', { 10: '20 21 ', 11: '22 23 ' });
  await add(20, 'ffmpeg');
  await add(21, 'sh');
  await add(22, '(ffmpeg) 1 ) (');
  await add(30, 'worker', { 30: '31' });
  await add(31, 'ffmpeg');
  const ingest: KnownProcess = { pid: 10, kind: 'ingest', rooms: ['lobby'], port: null };
  const told = new ProcessList(folder.path).look([
    ingest,
    { ...ingest, pid: 30, kind: 'worker', rooms: [] },
    { ...ingest, pid: 40, kind: 'guard', rooms: [] },
  ]);
  expect(told.map(({ pid, kind, rooms }) => ({ pid, kind, rooms }))).toEqual([
    { pid: 10, kind: 'ingest', rooms: ['lobby'] },
    { pid: 20, kind: 'ffmpeg', rooms: ['lobby'] },
    { pid: 30, kind: 'worker', rooms: [] },
  ]);
  expect(told[1]).toMatchObject({ parent: 7, cpuMs: 2000 });
  expect((told[1]?.memoryBytes ?? 0) % 1000).toBe(0);
});
