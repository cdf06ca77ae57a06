import { expect, test } from 'vitest';
import type { ContentFault } from '../../../../src/contract/content.ts';
import type { ContentSubject } from '../../../../src/ingest/process/content/content-monitor.ts';
import type { ContentNews } from '../../../../src/ingest/process/content/content-watch.ts';
import { file, item, list, opened } from './scripted.ts';

/** Stands for what decodes: finds what it is told to. */
function scriptedMonitor() {
  const subjects: (ContentSubject | null)[] = [];
  let tell: (news: readonly ContentNews[]) => void = () => {};
  let wrong: { readonly fault: ContentFault; readonly sinceMs: number; readonly hadSound: boolean }[] = [];
  let heard = 0;
  return {
    subjects,
    heard: () => heard,
    watchContent: (onNews: typeof tell) => {
      tell = onNews;
      return {
        get wrong() {
          return wrong;
        },
        blank: false,
        levels: null,
        fineSinceMs: null,
        hear: () => void heard++,
        asks: () => false,
        tick: (subject: ContentSubject | null) => {
          const before = subjects.at(-1)?.id;
          subjects.push(subject);
          if (subject?.id === before) return;
          const over = wrong.map(({ fault, sinceMs }) => ({ type: 'back' as const, fault, sinceMs }));
          wrong = [];
          tell(over);
        },
        close: async () => {},
      };
    },
    find: (fault: ContentFault, sinceMs: number) => {
      wrong = [...wrong, { fault, sinceMs, hadSound: true }];
      tell([{ type: 'wrong', fault, sinceMs, hadSound: true }]);
    },
  };
}

test('what is wrong with what is on air is told, seen, counted, and over with it', async () => {
  const monitor = scriptedMonitor();
  const { watchContent } = monitor;
  const programme = await opened(file('main', true), { watchContent });
  expect(monitor.heard()).toBeGreaterThan(5);
  const sinceMs = programme.clock.nowMs() - 1000;
  const since = new Date(programme.clock.wallMs() - 1000).toISOString();
  monitor.find('silent', sinceMs);
  await programme.clock.pass(100);
  const told = { entry: 'main', words: 'main', since };
  expect(programme.of('content.silent')).toEqual([{ type: 'content.silent', ...told, hadSound: true }]);
  expect(programme.state().content).toEqual({
    wrong: [{ fault: 'silent', since, hadSound: true }],
    times: 1,
  });
  // Somebody puts the clock on: it began when it did.
  programme.clock.putWall(3_600_000);
  programme.control({ type: 'slate', on: true });
  await programme.clock.pass(3000);
  expect(programme.of('content.back')).toEqual([{ type: 'content.back', ...told, fault: 'silent' }]);
  expect(programme.state().content).toEqual({ wrong: [], times: 1 });
  await programme.close();
});

test('what was told before a process died is over when the programme is opened again, and is still counted', async () => {
  const monitor = scriptedMonitor();
  const { watchContent } = monitor;
  const programme = await opened(file('main', true), { watchContent });
  monitor.find('black', programme.clock.nowMs());
  await programme.clock.pass(2000);
  await programme.die();
  await programme.open();
  await programme.clock.pass(2000);
  expect(programme.of('content.back')).toMatchObject([{ entry: 'main', words: 'main', fault: 'black' }]);
  expect(programme.state().content.times).toBe(1);
  await programme.close();
});

test('of a playlist the item is named, also when that is over', async () => {
  const monitor = scriptedMonitor();
  const { watchContent } = monitor;
  const main = list({ ...item('a', file('one')), title: 'The first' }, item('b', file('two')));
  const programme = await opened(main, { watchContent });
  monitor.find('silent', programme.clock.nowMs());
  await programme.clock.pass(100);
  expect(programme.of('content.silent')).toMatchObject([{ entry: 'main', words: 'The first' }]);
  programme.control({ type: 'next' });
  await programme.clock.pass(3000);
  monitor.find('black', programme.clock.nowMs());
  await programme.clock.pass(100);
  expect(programme.of('content.black')).toMatchObject([{ words: 'two' }]);
  programme.control({ type: 'slate', on: true });
  await programme.clock.pass(3000);
  expect(programme.of('content.back').map(({ words }) => words)).toEqual(['The first', 'two']);
  await programme.close();
});

test('the slate and what is held are not looked at, and what follows is something else', async () => {
  const monitor = scriptedMonitor();
  const { watchContent } = monitor;
  const programme = await opened(file('main', true), { watchContent });
  const ids = () => monitor.subjects.map((subject) => subject?.id ?? 'nothing');
  expect(new Set(ids().slice(-2))).toEqual(new Set(['c-aaaaaaaaaa']));
  programme.control({ type: 'pause' });
  await programme.clock.pass(3000);
  expect(ids().at(-1)).toBe('nothing');
  programme.control({ type: 'resume' });
  await programme.clock.pass(3000);
  expect(ids().at(-1)).toBe('c-aaaaaaaaaa');
  await programme.close();
});
