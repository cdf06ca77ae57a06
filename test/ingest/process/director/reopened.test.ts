import { describe, expect, test } from 'vitest';
import type { Source } from '../../../../src/contract/models.ts';
import type { ScriptedProgramme } from '../../../sim/scripted-programme.ts';
import { file, item, list, onAir, opened, shown, unplaced } from './scripted.ts';

const other = file('other', true);
const taken = (programme: ScriptedProgramme) =>
  programme.state().entries.find(({ entry }) => entry === 'take');

/** Its process dies, and the source is gone when the next one opens it. */
async function diesWithout(name: string, programme: ScriptedProgramme): Promise<void> {
  await programme.die();
  programme.sources.set(name, 'gone');
  await programme.open();
}

describe('Director that was opened again', () => {
  test.each([
    { when: 'is on air', passMs: 3000, source: other as Source },
    { when: 'is looked at', passMs: 50, source: other as Source },
    { when: 'is a playlist', passMs: 3000, source: list(item('o', other)) as Source },
  ])('goes on to want a take that $when when its process dies, and fails once', async (given) => {
    const programme = await opened(file('main', true));
    programme.control({ type: 'take', source: given.source });
    await programme.clock.pass(given.passMs);
    await diesWithout('other', programme);
    await programme.clock.pass(1000);
    expect(taken(programme)).toMatchObject({ reason: 'there is no other' });
    await programme.clock.pass(30_000);
    programme.sources.set('other', 'well');
    await programme.clock.pass(16_000);
    expect([shown(programme), onAir(programme)]).toEqual(['source other', 'take']);
  });

  test.each([
    { name: 'main', fallbacks: [], expected: 'main' },
    { name: 'backup', fallbacks: [file('backup', true)], expected: 'fallback-1' },
  ])('goes on to want $expected that fails once', async ({ name, fallbacks, expected }) => {
    const programme = await opened(file('main', true), { fallbacks, alwaysOn: false, graceMs: 60_000 });
    if (expected !== 'main') programme.sources.set('main', 'gone');
    await programme.clock.pass(5000);
    expect(onAir(programme)).toBe(expected);
    await diesWithout(name, programme);
    await programme.clock.pass(5000);
    expect([shown(programme), programme.ended]).toEqual(['slate', false]);
    programme.sources.set(name, 'well');
    await programme.clock.pass(12_000);
    expect(onAir(programme)).toBe(expected);
  });

  test.each([{ loop: false }, { loop: true }])(
    'goes on with the item that fails once %o',
    async ({ loop }) => {
      const programme = await opened({
        ...list(item('a', file('one')), item('b', file('two'))),
        loop,
      } as Source);
      await diesWithout('one', programme);
      await programme.clock.pass(300);
      programme.sources.set('one', 'well');
      await programme.clock.pass(3000);
      expect(shown(programme)).toBe('source one');
      expect(programme.of('playlist.skipped')).toEqual([]);
    },
  );

  test('passes the item that is gone for good', async () => {
    const programme = await opened(list(item('a', file('one')), item('b', file('two'))));
    await diesWithout('one', programme);
    await programme.clock.pass(8000);
    expect(shown(programme)).toBe('source two');
    expect(programme.of('playlist.skipped')).toMatchObject([{ reason: 'there is no one' }]);
  });
});

test('Director that was opened again shows the slate where nothing leaves of what is to be on air', async () => {
  let leaves = true;
  const programme = await opened(file('main', true), {
    maker: unplaced(() => !leaves),
  });
  expect(shown(programme)).toBe('source main');
  await programme.die();
  leaves = false;
  await programme.open();
  programme.pictures.length = 0;
  await programme.clock.pass(1500);
  expect(programme.shown).toEqual(['slate']);
  await programme.close();
});

describe('Director whose take was covered by the slate', () => {
  test('goes on to want it, where it fails when the slate ends', async () => {
    const programme = await opened(file('main', true));
    programme.control({ type: 'take', source: other });
    await programme.clock.pass(3000);
    programme.control({ type: 'slate', on: true });
    await programme.clock.pass(1000);
    programme.sources.set('other', 'gone');
    programme.control({ type: 'slate', on: false });
    await programme.clock.pass(8000);
    expect(taken(programme)?.reason).toMatch(/^(there is no other|it is not there|it has gone)$/);
    programme.sources.set('other', 'well');
    await programme.clock.pass(16_000);
    expect([shown(programme), onAir(programme)]).toEqual(['source other', 'take']);
  });
});
