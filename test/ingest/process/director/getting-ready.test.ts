import { expect, test } from 'vitest';
import { file, item, list, live, opened, shown } from './scripted.ts';

const talks = list(item('a', file('one')), item('b', file('two')));
const fallbacks = [live('backup')];

test('A take stays on air until the programme below it is ready', async () => {
  const programme = await opened(talks, { fallbacks });
  programme.control({ type: 'take', source: live('stage') });
  await programme.clock.pass(5000);
  programme.sources.set('one', 'late');
  programme.control({ type: 'release' });
  await programme.clock.pass(5000);
  expect(programme.shown).toEqual(['source one', 'source stage', 'source one']);
  await programme.close();
});

test('Nothing but the slate is shown while the programme below a take that has left makes ready', async () => {
  const programme = await opened(file('main', true), { fallbacks });
  programme.control({ type: 'take', source: live('stage') });
  await programme.clock.pass(5000);
  programme.sources.set('main', 'late');
  programme.sources.set('stage', 'gone');
  await programme.clock.pass(5000);
  expect(programme.shown).toEqual(['source main', 'source stage', 'slate', 'source main']);
  await programme.close();
});

test('A take is shown before the list below it when its process has died', async () => {
  const programme = await opened(talks, { fallbacks });
  programme.control({ type: 'take', source: live('stage') });
  await programme.clock.pass(5000);
  programme.sources.set('stage', 'late');
  await programme.die();
  await programme.open();
  await programme.clock.pass(5000);
  expect(programme.shown.slice(1)).not.toContain('source one');
  expect(programme.shown).not.toContain('source backup');
  expect(shown(programme)).toBe('source stage');
  await programme.close();
});

test('What was away before its process died is not waited for', async () => {
  const programme = await opened(file('main', true), { fallbacks });
  programme.sources.set('main', 'gone');
  await programme.clock.pass(5000);
  expect(shown(programme)).toBe('source backup');
  await programme.die();
  await programme.open();
  programme.sources.set('main', 'dry');
  await programme.clock.pass(2000);
  expect(shown(programme)).toBe('source backup');
  await programme.close();
});

test('The slate put on and taken away while a take is away leaves it its time to prove that it stays', async () => {
  const programme = await opened(file('main', true));
  programme.control({ type: 'take', source: live('stage') });
  await programme.clock.pass(5000);
  programme.sources.set('stage', 'gone');
  await programme.clock.pass(3000);
  programme.control({ type: 'slate', on: true });
  await programme.clock.pass(2000);
  programme.control({ type: 'slate', on: false });
  await programme.clock.pass(3000);
  expect(shown(programme)).toBe('source main');
  programme.sources.set('stage', 'well');
  await programme.clock.pass(4000);
  expect(shown(programme)).toBe('source main');
  await programme.clock.pass(3000);
  expect(shown(programme)).toBe('source stage');
  await programme.close();
});

test('A slate that was taken is shown again after the slate over it', async () => {
  const programme = await opened(file('main', true), { fallbacks });
  programme.control({ type: 'take', source: { kind: 'slate' } });
  await programme.clock.pass(3000);
  for (const on of [true, false]) {
    programme.control({ type: 'slate', on });
    await programme.clock.pass(3000);
  }
  await programme.clock.pass(5000);
  expect([programme.shown, programme.state().onAir.entry]).toEqual([['source main', 'slate'], 'take']);
  await programme.close();
});

test('Who wants the programme back from under the slate has it, although its source was away and is to stay below the fallback by itself', async () => {
  const programme = await opened(file('main', true), { fallbacks, failback: 'manual' });
  await programme.clock.pass(3000);
  programme.sources.set('main', 'dry');
  programme.control({ type: 'slate', on: true });
  await programme.clock.pass(20_000);
  programme.sources.set('main', 'well');
  programme.control({ type: 'release' });
  await programme.clock.pass(10_000);
  expect(shown(programme)).toBe('source main');
  await programme.close();
});
