import { describe, expect, test } from 'vitest';
import type { Manner } from '../../../sim/scripted-sources.ts';
import { file, item, list, live, onAir, opened, seenMain, shown } from './scripted.ts';

const backup = [live('backup')];
const entry = (programme: Awaited<ReturnType<typeof opened>>, name: string) =>
  programme.state().entries.find((one) => one.entry === name);

/** A programme whose main source has been dark for so long that it has left the air. */
async function dark(...[main, setting]: Parameters<typeof opened>) {
  const programme = await opened(main, { onContent: 'slate', ...setting });
  programme.sources.set('main', 'dark');
  await programme.clock.pass(7000);
  return programme;
}

describe.each([
  { kind: 'file', main: file('main', true) },
  { kind: 'publisher', main: live('main') },
])('a $kind that is black and silent', ({ main }) => {
  test('is away, with the reason, and is back when it has been worth it for the hold time', async () => {
    const programme = await dark(main);
    expect(shown(programme)).toBe('slate');
    expect(programme.of('programme.switched')).toMatchObject([
      { from: { entry: 'main' }, to: { entry: 'slate' }, reason: 'content' },
    ]);
    expect(programme.of('source.away')).toMatchObject([
      { entry: 'main', reason: 'black picture and silence' },
    ]);
    expect(entry(programme, 'main')).toMatchObject({ state: 'away', reason: 'black picture and silence' });
    expect(programme.of('content.back')).toEqual([]);
    const fromMs = programme.clock.nowMs();
    programme.sources.set('main', 'well');
    await programme.clock.pass(4500);
    expect(shown(programme)).toBe('slate');
    expect(programme.of('content.back').map(({ fault }) => fault)).toEqual(['black', 'silent']);
    await programme.clock.pass(4500);
    expect(shown(programme)).toBe('source main');
    expect(programme.of('source.back')).toHaveLength(1);
    expect(programme.of('programme.switched').at(-1)).toMatchObject({ reason: 'back' });
    const back = programme.pictures.find(({ words, atMs }) => words === 'source main' && atMs > fromMs);
    expect((back?.atMs ?? 0) - fromMs).toBeGreaterThan(5000);
    await programme.clock.pass(60_000);
    expect(programme.shown).toEqual(['source main', 'slate', 'source main']);
    await programme.close();
  });

  test('does not come and go, and does not end the programme, however long it is so', async () => {
    const programme = await dark(main, { alwaysOn: false, graceMs: 10_000 });
    await programme.clock.pass(600_000);
    expect(programme.ended).toBe(false);
    expect(programme.shown).toEqual(['source main', 'slate']);
    programme.sources.set('main', 'well');
    await programme.clock.pass(9000);
    expect(shown(programme)).toBe('source main');
    await programme.close();
  });

  test('that is worth it for less than the hold time is not seen', async () => {
    const programme = await dark(main);
    for (let times = 0; times < 10; times++) {
      programme.sources.set('main', 'well');
      await programme.clock.pass(3000);
      programme.sources.set('main', 'dark');
      await programme.clock.pass(3000);
    }
    expect(programme.shown).toEqual(['source main', 'slate']);
    await programme.close();
  });

  test('gives way to a fallback, and takes over from it after the hold time', async () => {
    const programme = await dark(main, { onContent: 'fallback', fallbacks: backup });
    expect(onAir(programme)).toBe('fallback-1');
    programme.sources.set('main', 'well');
    await programme.clock.pass(4000);
    expect(onAir(programme)).toBe('fallback-1');
    await programme.clock.pass(5000);
    expect(onAir(programme)).toBe('main');
    expect(programme.shown.slice(-2)).toEqual(['source backup', 'source main']);
    await programme.close();
  });

  test('waits for an operator where going back is by hand', async () => {
    const setting = { onContent: 'fallback', fallbacks: backup, failback: 'manual' } as const;
    const programme = await dark(main, setting);
    programme.sources.set('main', 'well');
    await programme.clock.pass(60_000);
    expect(onAir(programme)).toBe('fallback-1');
    programme.control({ type: 'release' });
    await programme.clock.pass(3000);
    expect(onAir(programme)).toBe('main');
    await programme.close();
  });

  test('is back from the slate by itself where going back is by hand', async () => {
    const programme = await dark(main, { failback: 'manual' });
    programme.sources.set('main', 'well');
    await programme.clock.pass(9000);
    expect(onAir(programme)).toBe('main');
    await programme.close();
  });

  test('is seen as it is when an operator wants the programme, and looked at anew', async () => {
    const programme = await dark(main);
    programme.control({ type: 'release' });
    await programme.clock.pass(2000);
    expect(shown(programme)).toBe('source main');
    await programme.clock.pass(6000);
    expect(shown(programme)).toBe('slate');
    await programme.close();
  });

  test('stays away when its process dies', async () => {
    const programme = await dark(main);
    await programme.die();
    await programme.open();
    await programme.clock.pass(60_000);
    expect(programme.shown).toEqual(['source main', 'slate']);
    programme.sources.set('main', 'well');
    await programme.clock.pass(9000);
    expect(shown(programme)).toBe('source main');
    await programme.close();
  });
});

test('a file that is black and silent can be held at a picture', async () => {
  const programme = await dark(file('main', true));
  programme.control({ type: 'pause' });
  await programme.clock.pass(3000);
  expect(shown(programme)).toBe('still main');
  programme.control({ type: 'resume' });
  await programme.clock.pass(8000);
  expect(shown(programme)).toBe('slate');
  await programme.close();
});

test('a file plays on while nobody sees it', async () => {
  const programme = await dark(file('main', true));
  const before = seenMain(programme)?.positionMs ?? 0;
  await programme.clock.pass(10_000);
  const after = seenMain(programme)?.positionMs ?? 0;
  expect(after - before).toBeGreaterThan(8000);
  expect(after - before).toBeLessThan(11_000);
  await programme.close();
});

test('the slate is shown, not the fallback, unless the source is lost', async () => {
  const programme = await dark(live('main'), { fallbacks: backup });
  expect(shown(programme)).toBe('slate');
  expect(entry(programme, 'fallback-1')?.state).toBe('idle');
  programme.sources.set('main', 'gone');
  await programme.clock.pass(3000);
  expect(shown(programme)).toBe('source backup');
  // There, and still dark: what plays well goes on.
  programme.sources.set('main', 'dark');
  await programme.clock.pass(60_000);
  expect(shown(programme)).toBe('source backup');
  programme.sources.set('main', 'well');
  await programme.clock.pass(9000);
  expect(shown(programme)).toBe('source main');
  expect(programme.shown).toEqual(['source main', 'slate', 'source backup', 'source main']);
  await programme.close();
});

test('a fallback that is black and silent gives way to the next one', async () => {
  const programme = await opened(live('main'), {
    ...{ onContent: 'fallback', fallbacks: [live('backup'), live('other')] },
  });
  programme.sources.set('main', 'dark');
  programme.sources.set('backup', 'dark');
  await programme.clock.pass(20_000);
  expect(onAir(programme)).toBe('fallback-2');
  programme.sources.set('backup', 'well');
  await programme.clock.pass(12_000);
  expect(onAir(programme)).toBe('fallback-1');
  await programme.close();
});

test('a clip that is shorter than the time between two looks is looked at as any other', async () => {
  const programme = await opened(file('main', true), { onContent: 'slate' });
  programme.sources.set('main', 'brief');
  await programme.clock.pass(1000);
  programme.sources.set('main', 'dark');
  await programme.clock.pass(10_000);
  expect(shown(programme)).toBe('slate');
  await programme.close();
});

test('a playlist goes on unseen, and is back with the next item', async () => {
  const items = [item('a', file('one')), item('b', file('two')), item('c', file('three'))];
  const programme = await opened(list(...items), { onContent: 'slate' });
  programme.sources.set('one', 'dark');
  await programme.clock.pass(7000);
  expect(shown(programme)).toBe('slate');
  await programme.clock.pass(30_000);
  expect(shown(programme)).toBe('source two');
  expect(programme.items.map(({ said }) => said)).toEqual(['i-aaaaaaaaaa', 'i-aaaaaaaaab']);
  await programme.close();
});

test('an operator sends it elsewhere: that is seen at once', async () => {
  const items = [item('a', file('one')), item('b', file('two'))];
  const programme = await opened(list(...items), { onContent: 'slate' });
  programme.sources.set('one', 'dark');
  await programme.clock.pass(7000);
  programme.control({ type: 'next' });
  await programme.clock.pass(2000);
  expect(shown(programme)).toBe('source two');
  await programme.close();
});

test.each<{ manner: Manner; onContent: 'tell' | 'slate' }>([
  { manner: 'black', onContent: 'slate' },
  { manner: 'dark', onContent: 'tell' },
])('$manner is only told where $onContent is set', async ({ manner, onContent }) => {
  const programme = await opened(file('main', true), { onContent });
  programme.sources.set('main', manner);
  await programme.clock.pass(60_000);
  expect(programme.shown).toEqual(['source main']);
  expect(programme.of('content.black')).toHaveLength(1);
  await programme.close();
});
