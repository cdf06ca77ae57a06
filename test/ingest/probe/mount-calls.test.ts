import { expect, test } from 'vitest';
import { MountCalls } from '../../../src/ingest/probe/mount-calls.ts';
import { isInside } from '../../../src/ingest/probe/source-file.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const never = () => new Promise<string>(() => {});
const mounts = () => ['/', '/mnt/nas', '/mnt'];

/** What came of calls, by their names. */
function outcomes() {
  const words: string[] = [];
  const hear = (name: string, asked: Promise<unknown>) =>
    void asked.then(
      () => words.push(`${name}: had`),
      (error: Error) => words.push(`${name}: ${error.message}`),
    );
  return { words, hear };
}

test('MountCalls asks a mount that is dead for four files, refuses the next by its name, and goes on with others', async () => {
  const clock = new VirtualClock();
  const calls = new MountCalls(clock, mounts);
  const { words, hear } = outcomes();
  let asked = 0;
  const hang = () => {
    asked++;
    return never();
  };
  for (let index = 0; index < 6; index++) hear('early', calls.run(`/mnt/nas/${index}.mp4`, hang));
  await clock.pass(5000);
  hear('late', calls.run('/mnt/nas/late.mp4', hang));
  hear(
    'beside',
    calls.run('/mnt/nasty.mp4', async () => 'file'),
  );
  hear(
    'local',
    calls.run('/srv/media/talk.mp4', async () => 'file'),
  );
  await clock.pass(1);
  expect(asked).toBe(4);
  expect(words.toSorted()).toEqual([
    'beside: had',
    'late: /mnt/nas does not answer: 4 calls wait for it',
    'local: had',
  ]);
});

test('MountCalls lets nobody wait without end for a mount that is dead, and gives away what comes of it later', async () => {
  const clock = new VirtualClock();
  const calls = new MountCalls(clock, mounts);
  const { words, hear } = outcomes();
  const { promise, resolve } = Promise.withResolvers<string>();
  const late: string[] = [];
  for (let index = 0; index < 5; index++)
    hear(
      `${index}`,
      calls.run('/mnt/nas/x', () => promise, { onLate: (value) => late.push(value) }),
    );
  await clock.pass(12_000);
  expect(words.toSorted()).toEqual(
    [0, 1, 2, 3, 4].map((name) => `${name}: /mnt/nas does not answer: nothing came of it for 12 s`),
  );
  resolve('file');
  await clock.pass(1);
  expect([late.length, clock.timers]).toEqual([4, 0]);
  hear(
    'again',
    calls.run('/mnt/nas/x', async () => 'file'),
  );
  await clock.pass(1);
  expect(words.at(-1)).toBe('again: had');
});

test('MountCalls lets those wait who come while others are served, and leaves out who has gone', async () => {
  const clock = new VirtualClock();
  const calls = new MountCalls(clock, mounts);
  const { words, hear } = outcomes();
  const served = Array.from({ length: 4 }, () => Promise.withResolvers<string>());
  for (const [index, { promise }] of served.entries())
    hear(
      `${index}`,
      calls.run('/mnt/nas/x', () => promise),
    );
  const leaving = new AbortController();
  hear('gone', calls.run('/mnt/nas/x', never, { signal: leaving.signal }));
  hear(
    'next',
    calls.run('/mnt/nas/x', async () => 'file'),
  );
  await clock.pass(10_000);
  expect(words).toEqual([]);
  leaving.abort(new Error('nobody waits'));
  served[2]?.resolve('file');
  await clock.pass(1);
  expect(words).toEqual(['2: had', 'gone: nobody waits', 'next: had']);
});

test('a root that does not answer is asked once, and keeps no file of another from being found', async () => {
  const clock = new VirtualClock();
  const { words, hear } = outcomes();
  let asked = 0;
  const resolve = async (root: string) => {
    if (root !== '/mnt/dead') return root;
    asked++;
    return await never();
  };
  const roots = ['/mnt/dead', '/srv/media'];
  for (const file of ['/srv/media/a.mp4', '/etc/passwd', '/mnt/dead/b.mp4'])
    hear(
      file,
      isInside(file, roots, resolve, clock).then((inside) => inside || Promise.reject(new Error('outside'))),
    );
  await clock.pass(1);
  expect(words).toEqual(['/srv/media/a.mp4: had']);
  await clock.pass(2000);
  expect(words.slice(1).toSorted()).toEqual(['/etc/passwd: outside', '/mnt/dead/b.mp4: had']);
  expect([asked, clock.timers]).toEqual([1, 0]);
});
