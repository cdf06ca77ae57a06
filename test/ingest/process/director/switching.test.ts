import { describe, expect, test } from 'vitest';
import type { Control } from '../../../../src/contract/control.ts';
import { ScriptedProgramme } from '../../../sim/scripted-programme.ts';
import { fileMs } from '../../../sim/scripted-sources.ts';
import { file, item, list, live, onAir, opened, seenMain, shown } from './scripted.ts';

/** Scripted pictures are 250 ms apart; no gap is longer than one of them and two of a real source. */
const noGapMs = 250 + 67;

const switches = (programme: ScriptedProgramme) =>
  programme.of('programme.switched').map(({ from, to, reason }) => [from.entry, to.entry, reason]);

describe('Director takes a source', () => {
  test('that ends, and goes back by itself', async () => {
    const programme = await opened(file('main'));
    programme.sources.set('other', 'brief');
    programme.control({ type: 'take', source: file('other') });
    await programme.clock.pass(5000);
    expect(programme.shown).toEqual(['source main', 'source other', 'source main']);
    expect(switches(programme)).toEqual([
      ['main', 'take', 'command'],
      ['take', 'main', 'ended'],
    ]);
    expect(programme.longestGapMs).toBeLessThan(noGapMs);
  });

  test('that nobody sends yet, and keeps what was taken before', async () => {
    const programme = await opened(file('main', true));
    programme.control({ type: 'take', source: file('other', true) });
    await programme.clock.pass(2000);
    programme.sources.set('nobody', 'gone');
    programme.control({ type: 'take', source: live('nobody') });
    await programme.clock.pass(3000);
    expect(programme.state().onAir.words).toBe('other');
    expect(programme.of('source.away').map(({ reason }) => reason)).toEqual(['nobody sends nobody']);
    programme.control({ type: 'release' });
    await programme.clock.pass(3000);
    expect(programme.shown).toEqual(['source main', 'source other', 'source main']);
    expect(programme.state().entries.map(({ entry }) => entry)).toEqual(['main', 'slate']);
  });

  test('that is not there, and says so, and plays on', async () => {
    const programme = await opened(file('main', true));
    programme.sources.set('other', 'gone');
    programme.control({ type: 'take', source: file('other') });
    await programme.clock.pass(5000);
    expect(programme.of('source.away').map(({ reason }) => reason)).toEqual(['there is no other']);
    expect(programme.shown).toEqual(['source main']);
    expect(programme.longestGapMs).toBeLessThan(noGapMs);
  });
});

describe('Director waits for what crashes', () => {
  const other = (way: 'taken' | 'main') =>
    way === 'taken'
      ? opened(file('main', true)).then((programme) => {
          programme.control({ type: 'take', source: live('cam') });
          return programme;
        })
      : opened(live('cam'), { fallbacks: [file('main', true)] });

  test.each(['taken', 'main'] as const)('on the slate, and not on what is below: %s', async (way) => {
    const programme = await other(way);
    await programme.clock.pass(15_000);
    const before = programme.pictures.length;
    programme.sources.crash('cam');
    await programme.clock.pass(5000);
    expect(new Set(programme.pictures.slice(before).map(({ words }) => words))).toEqual(
      new Set(['slate', 'source cam']),
    );
    expect(shown(programme)).toBe('source cam');
    expect(programme.longestGapMs).toBeLessThan(1000);
  });

  test.each(['taken', 'main'] as const)('but for a moment, and not again and again: %s', async (way) => {
    const programme = await other(way);
    await programme.clock.pass(15_000);
    // It is not to be had any more before it is begun again.
    programme.sources.crash('cam');
    programme.sources.set('cam', 'dry');
    await programme.clock.pass(2500);
    expect(shown(programme)).toBe('slate');
    await programme.clock.pass(1500);
    expect(shown(programme)).toBe('source main');
    programme.sources.set('cam', 'well');
    await programme.clock.pass(8000);
    expect(shown(programme)).toBe('source cam');
    programme.sources.crash('cam');
    await programme.clock.pass(800);
    expect(shown(programme)).toBe('source main');
  });
});

describe('Director shows the slate', () => {
  test('when an operator wants it, and goes on where it was', async () => {
    const programme = await opened(file('main'));
    programme.control({ type: 'slate', on: true });
    await programme.clock.pass(1000);
    expect(programme.state()).toMatchObject({ onAir: { entry: 'slate' }, slates: 1 });
    const leftMs = seenMain(programme)?.positionMs ?? 0;
    await programme.clock.pass(20_000);
    programme.control({ type: 'slate', on: false });
    await programme.clock.pass(1000);
    expect(programme.shown).toEqual(['source main', 'slate', 'source main']);
    expect(seenMain(programme)?.positionMs ?? 0).toBeGreaterThanOrEqual(leftMs);
    expect(seenMain(programme)?.positionMs ?? 0).toBeLessThan(leftMs + 1250);
    expect(programme.longestGapMs).toBeLessThan(noGapMs);
  });

  test.each<{ name: string; commands: Control[]; seenThen: string }>([
    { name: 'another place', commands: [{ type: 'seek', positionMs: 20_000 }], seenThen: 'source main' },
    {
      name: 'one picture of another place',
      commands: [{ type: 'pause' }, { type: 'seek', positionMs: 20_000 }],
      seenThen: 'still main',
    },
    {
      name: 'what was held, at another place',
      commands: [{ type: 'pause' }, { type: 'seek', positionMs: 20_000 }, { type: 'resume' }],
      seenThen: 'source main',
    },
  ])('over $name without a gap, and that is seen as soon as it goes', async ({ commands, seenThen }) => {
    const programme = await opened(file('main'), { fallbacks: [file('backup', true)] });
    for (const command of [{ type: 'slate', on: true } as const, ...commands]) {
      expect(programme.control(command)).toBeNull();
      await programme.clock.pass(1500);
    }
    const { paused, entries } = programme.state();
    expect({ paused, place: entries[0]?.place?.positionMs }).toEqual({
      paused: seenThen === 'still main',
      place: 20_000,
    });
    programme.control({ type: 'slate', on: false });
    await programme.clock.pass(300);
    expect(shown(programme)).toBe(seenThen);
    await programme.clock.pass(1000);
    expect(programme.state().entries[0]?.place?.positionMs).toBeGreaterThanOrEqual(20_000);
    expect(programme.shown).toEqual(['source main', 'slate', seenThen]);
    expect(programme.longestGapMs).toBeLessThan(noGapMs);
  });

  test('within a second when its source is stuck, and comes back when that goes on', async () => {
    const programme = await opened(file('main'));
    programme.sources.set('main', 'stuck');
    await programme.clock.pass(5000);
    programme.sources.set('main', 'well');
    await programme.clock.pass(10_000);
    expect(programme.shown).toEqual(['source main', 'slate', 'source main']);
    const slateAt = programme.pictures.findIndex(({ words }) => words === 'slate');
    const [last, slate] = programme.pictures.slice(slateAt - 1);
    expect((slate?.atMs ?? 0) - (last?.atMs ?? 0)).toBeLessThan(1000);
    expect(programme.of('source.away')).toMatchObject([{ entry: 'main', reason: 'nothing came for 700 ms' }]);
    expect(switches(programme)).toEqual([
      ['main', 'slate', 'away'],
      ['slate', 'main', 'back'],
    ]);
  });

  test('between the failure of its source and a fallback, and goes back after the hold time', async () => {
    const programme = await opened(file('main'), { fallbacks: [file('backup', true)] });
    programme.sources.set('main', 'gone');
    await programme.clock.pass(8000);
    expect([shown(programme), onAir(programme)]).toEqual(['source backup', 'fallback-1']);
    programme.sources.set('main', 'well');
    await programme.clock.pass(4900);
    expect(shown(programme)).toBe('source backup');
    await programme.clock.pass(15_000);
    expect([shown(programme), onAir(programme)]).toEqual(['source main', 'main']);
    expect(programme.longestGapMs).toBeLessThan(1000);
  });

  test('and says whom it stood in for when something else is on air', async () => {
    const programme = await opened(file('main', true));
    programme.control({ type: 'take', source: live('cam') });
    await programme.clock.pass(2000);
    programme.sources.set('cam', 'gone');
    await programme.clock.pass(20_000);
    expect(
      programme.of('programme.switched').map(({ from, to, insteadOf }) => [from.entry, to.entry, insteadOf]),
    ).toEqual([
      ['main', 'take', null],
      ['take', 'slate', null],
      ['slate', 'main', { entry: 'take', words: 'cam' }],
    ]);
  });

  test('for ever, where a room is always on', async () => {
    const programme = await opened(file('main'));
    await programme.clock.pass(fileMs);
    programme.sources.set('brief', 'brief');
    programme.control({ type: 'take', source: file('brief') });
    await programme.clock.pass(2000);
    programme.control({ type: 'take', source: file('other', true) });
    await programme.clock.pass(2000);
    programme.control({ type: 'release' });
    await programme.clock.pass(1000);
    expect(programme.ended).toBe(false);
    expect(switches(programme)).toEqual([
      ['main', 'slate', 'ended'],
      ['slate', 'take', 'command'],
      ['take', 'slate', 'ended'],
      ['slate', 'take', 'command'],
      ['take', 'slate', 'command'],
    ]);
    expect(programme.longestGapMs).toBeLessThan(1000);
  });
});

describe('Director plays a playlist', () => {
  const begin = async (main: ReturnType<typeof list>, gone: readonly string[]) => {
    const programme = new ScriptedProgramme({
      ...{ main, fallbacks: [], failback: 'auto', alwaysOn: false, graceMs: 1500 },
    });
    for (const name of gone) programme.sources.set(name, 'gone');
    await programme.open();
    return programme;
  };

  test('and passes an item that is broken', async () => {
    const main = list(item('a', file('one')), item('b', file('two')), item('c', file('three')));
    const programme = await begin(main, ['two']);
    await programme.clock.pass(3 * fileMs);
    expect(programme.of('ended')).toMatchObject([{ message: null }]);
    expect(programme.shown).toEqual(['source one', 'source three']);
    expect(programme.of('playlist.skipped').length).toBe(1);
    expect(programme.longestGapMs).toBeLessThan(noGapMs);
  });

  test('and goes on where a live item does not come', async () => {
    const main = list(item('a', file('one')), item('b', live('two')), item('c', file('three')));
    const programme = await begin(main, ['two']);
    await programme.clock.pass(3 * fileMs);
    expect(programme.of('ended')).toMatchObject([{ message: null }]);
    expect(programme.shown).toEqual(['source one', 'slate', 'source three']);
    expect(programme.longestGapMs).toBeLessThan(1000);
  });

  test('and ends with what was wrong, where no item can be played', async () => {
    const programme = await begin(list(item('a', file('one')), item('b', file('two'))), ['one', 'two']);
    await programme.clock.pass(fileMs);
    expect(programme.of('ended')).toMatchObject([{ message: 'there is no two' }]);
  });

  test('from the place to the place that its first item names', async () => {
    const programme = await begin(list(item('a', file('one'), { fromMs: 10_000, toMs: 12_000 })), []);
    await programme.clock.pass(5000);
    const { stats } = programme.of('ended')[0] ?? {};
    expect(stats?.positionMs).toBeGreaterThan(11_500);
    expect(programme.pictures.length).toBe(8);
  });

  test('and goes where an operator wants it', async () => {
    const programme = await opened(
      list(item('a', file('one')), item('b', file('two')), item('c', file('three'))),
    );
    for (const command of [
      { type: 'next' } as const,
      { type: 'previous' } as const,
      { type: 'jump', item: 'i-aaaaaaaaac' } as const,
    ]) {
      expect(programme.control(command)).toBeNull();
      await programme.clock.pass(2000);
    }
    expect(programme.control({ type: 'next' })).toBe('INVALID_REQUEST');
    expect(programme.shown).toEqual(['one', 'two', 'one', 'three'].map((name) => `source ${name}`));
    expect(programme.state().playlist).toMatchObject({ index: 2, round: 0 });
    expect(programme.longestGapMs).toBeLessThan(noGapMs);
  });

  test('and puts in what is added, before it is too late, and loses nothing', async () => {
    const programme = await begin(list(item('a', file('one')), item('b', file('two'))), []);
    await programme.clock.pass(5000);
    programme.control({ type: 'add', items: [item('c', file('three'))], at: 1 });
    await programme.clock.pass(4 * fileMs);
    expect(programme.of('ended')).toMatchObject([{ message: null }]);
    expect(programme.shown).toEqual(['source one', 'source three', 'source two']);
    expect(programme.pictures.length).toBe((3 * fileMs) / 250);
    expect(programme.longestGapMs).toBeLessThan(noGapMs);
  });
});

test('A programme that ends with what was put above it tells before that this was played to its end', async () => {
  const programme = await opened(file('main'), { alwaysOn: false });
  programme.sources.set('above', 'slow');
  await programme.clock.pass(fileMs - 3000 - 500);
  programme.control({ type: 'take', source: file('above') });
  await programme.clock.pass(2 * fileMs);
  expect(programme.ended).toBe(true);
  expect(programme.seenBefore?.candidates.map(({ is }) => is)).toEqual([
    { state: 'blocked', reason: null, againMs: null },
    { state: 'blocked', reason: null, againMs: null },
  ]);
});
