import { describe, expect, test } from 'vitest';
import type { Source } from '../../../../src/contract/models.ts';
import { newCandidate } from '../../../../src/daemon/rooms/wishes.ts';
import type { PreparedSource } from '../../../../src/ingest/sources/sources.ts';
import { ScriptedProgramme } from '../../../sim/scripted-programme.ts';
import { fileMs } from '../../../sim/scripted-sources.ts';
import { file, item, list, live, onAir, opened, seenMain, shown } from './scripted.ts';

const starts = ({ sources }: ScriptedProgramme, name: string) => sources.starts.get(name)?.length ?? 0;

describe('Director, where wishes cross,', () => {
  test('keeps the slate over a take that gets ready later', async () => {
    const programme = await opened(file('main', true));
    programme.sources.set('other', 'slow');
    programme.control({ type: 'take', source: file('other', true) });
    await programme.clock.pass(1000);
    programme.control({ type: 'slate', on: true });
    await programme.clock.pass(10_000);
    expect([shown(programme), onAir(programme)]).toEqual(['slate', 'slate']);
    programme.control({ type: 'slate', on: false });
    await programme.clock.pass(250);
    expect([shown(programme), onAir(programme)]).toEqual(['source other', 'take']);
  });

  test.each([
    { later: { type: 'take', source: file('third', true) } as const, expected: 'source third' },
    { later: { type: 'release' } as const, expected: 'source main' },
  ])('never puts a take on air that $later.type has outdated', async ({ later, expected }) => {
    const programme = await opened(file('main', true));
    programme.sources.set('other', 'slow');
    programme.control({ type: 'take', source: file('other', true) });
    await programme.clock.pass(1000);
    programme.control(later);
    for (let step = 0; step < 40; step++) {
      await programme.clock.pass(250);
      expect(shown(programme)).not.toBe('source other');
    }
    expect(shown(programme)).toBe(expected);
  });

  test('is paused at the place that is sought 50 ms later', async () => {
    const programme = await opened(file('main'));
    programme.control({ type: 'pause' });
    await programme.clock.pass(50);
    programme.control({ type: 'seek', positionMs: 20_000 });
    await programme.clock.pass(5000);
    expect(shown(programme)).toBe('still main');
    expect(seenMain(programme)).toMatchObject({ positionMs: 20_000, placed: 1, is: { state: 'onAir' } });
    programme.control({ type: 'resume' });
    await programme.clock.pass(2000);
    expect(shown(programme)).toBe('source main');
    expect(seenMain(programme)?.positionMs).toBeGreaterThan(20_500);
  });

  test('goes on by the sum of steps that come at once', async () => {
    const programme = await opened(file('main'));
    const before = seenMain(programme)?.positionMs ?? 0;
    for (let step = 0; step < 3; step++) programme.control({ type: 'seekBy', offsetMs: 5000 });
    await programme.clock.pass(1000);
    const after = seenMain(programme)?.positionMs ?? 0;
    expect(after - before).toBeGreaterThan(14_500);
    expect(after - before).toBeLessThan(17_000);
  });

  test('keeps the slate, a pause and silence whatever machines do', async () => {
    const programme = await opened(live('main'), { fallbacks: [live('backup')] });
    programme.control({ type: 'slate', on: true });
    programme.control({ type: 'mute', on: true });
    for (const manner of ['gone', 'well', 'gone', 'well'] as const) {
      programme.sources.set('main', manner);
      await programme.clock.pass(3000);
      expect([shown(programme), programme.state().muted]).toEqual(['slate', true]);
    }
    await programme.die();
    await programme.open();
    await programme.clock.pass(3000);
    expect([shown(programme), programme.state().muted]).toEqual(['slate', true]);
  });
});

describe('Director whose file fails under the slate', () => {
  test('knows it at once, and has all of it again when the slate goes', async () => {
    const programme = await opened(file('main'), { fallbacks: [file('backup')], failback: 'manual' });
    programme.control({ type: 'slate', on: true });
    await programme.clock.pass(2000);
    programme.sources.set('main', 'gone');
    await programme.clock.pass(1000);
    expect(programme.state().entries[0]).toMatchObject({ state: 'failed', reason: 'it has gone' });
    const before = seenMain(programme)?.positionMs;
    programme.sources.set('main', 'well');
    await programme.clock.pass(10_000);
    programme.control({ type: 'release' });
    await programme.clock.pass(5000);
    expect([shown(programme), onAir(programme)]).toEqual(['source main', 'main']);
    expect((seenMain(programme)?.positionMs ?? 0) - (before ?? 0)).toBeLessThanOrEqual(5000);
    expect(programme.of('programme.switched').map(({ to }) => to.entry)).toEqual(['slate', 'main']);
  });
});

describe('Director whose held file', () => {
  test('has no picture, before there is a slate, says that it plays on, and holds it when it has one', async () => {
    const programme = await opened(file('main'), { slateMs: 60_000 });
    const { maker } = programme.sources;
    const { still } = maker;
    maker.still = async () => {
      throw new Error('there is no such picture');
    };
    programme.control({ type: 'pause' });
    await programme.clock.pass(2000);
    expect([shown(programme), programme.state().paused]).toEqual(['source main', false]);
    maker.still = still;
    await programme.clock.pass(1500);
    expect([shown(programme), programme.state().paused]).toEqual(['still main', true]);
    expect(programme.of('programme.changed').map(({ paused }) => paused)).toEqual([true, false, true]);
    programme.control({ type: 'resume' });
    await programme.clock.pass(1000);
    expect([shown(programme), programme.state().paused]).toEqual(['source main', false]);
  });

  test('is gone when it is to go on shows the slate, and it when it is back', async () => {
    const programme = await opened(file('main'));
    programme.control({ type: 'pause' });
    await programme.clock.pass(1000);
    programme.sources.set('main', 'gone');
    programme.control({ type: 'resume' });
    await programme.clock.pass(4000);
    expect([shown(programme), onAir(programme)]).toEqual(['slate', 'slate']);
    expect(programme.state().entries[0]?.reason).toBe('there is no main');
    programme.sources.set('main', 'well');
    await programme.clock.pass(12_000);
    expect([shown(programme), onAir(programme)]).toEqual(['source main', 'main']);
  });
});

describe('Director whose main source is over', () => {
  const main = file('main');
  const begun = () => opened(main, { alwaysOn: false });
  const toTheEnd = fileMs - 3000;

  test('ends at once where nothing was taken', async () => {
    const programme = await begun();
    await programme.clock.pass(toTheEnd + 2000);
    expect(programme.ended).toBe(true);
  });

  test('plays what was taken to its end, and ends then', async () => {
    const programme = await begun();
    await programme.clock.pass(toTheEnd - 400);
    programme.control({ type: 'take', source: file('other') });
    await programme.clock.pass(10_000);
    expect([shown(programme), programme.ended]).toEqual(['source other', false]);
    await programme.clock.pass(fileMs);
    expect(programme.ended).toBe(true);
  });

  test.each([
    { manner: 'slow', shows: 'source other' },
    { manner: 'gone', shows: 'source main' },
  ] as const)('waits for a take that is $manner, and ends where it fails', async ({ manner, shows }) => {
    const programme = await begun();
    programme.sources.set('other', manner);
    await programme.clock.pass(toTheEnd - 1500);
    programme.control({ type: 'take', source: file('other', true) });
    await programme.clock.pass(10_000);
    expect([shown(programme), programme.ended]).toEqual([shows, manner === 'gone']);
  });

  test('ends when the publisher that was taken has been away for its grace', async () => {
    const programme = await begun();
    programme.sources.set('cam', 'gone');
    await programme.clock.pass(toTheEnd - 3000);
    programme.control({ type: 'take', source: live('cam') });
    await programme.clock.pass(8000);
    expect([shown(programme), programme.ended]).toEqual(['slate', false]);
    await programme.clock.pass(5000);
    expect(programme.ended).toBe(true);
  });

  test('ends whenever a take is over or released at that moment', async () => {
    for (let earlierMs = -1000; earlierMs <= 1500; earlierMs += 50)
      for (const releases of [true, false]) {
        const programme = await begun();
        programme.sources.set('other', 'brief');
        await programme.clock.pass(toTheEnd - earlierMs);
        programme.control({ type: 'take', source: file('other') });
        await programme.clock.pass(releases ? 300 : 2 * fileMs);
        if (releases) programme.control({ type: 'release' });
        await programme.clock.pass(2 * fileMs);
        expect([earlierMs, releases, programme.ended]).toEqual([earlierMs, releases, true]);
        await programme.close();
      }
  });
});

describe('Director of a playlist', () => {
  const three = () => list(item('a', file('one')), item('b', file('two')), item('c', file('three')));

  test('tells where it is before it says that an item begins', async () => {
    const programme = await opened(three(), { alwaysOn: false });
    programme.control({ type: 'next' });
    await programme.clock.pass(2 * fileMs + 5000);
    expect(programme.items.map(({ said }) => said)).toEqual(
      ['a', 'b', 'c'].map((one) => `i-aaaaaaaaa${one}`),
    );
    for (const { said, seen } of programme.items) expect(seen?.candidates[0]?.item).toBe(said);
  });

  test('goes on from the item that has just begun by itself', async () => {
    const programme = await opened(three());
    while (programme.items.length < 2) await programme.clock.pass(10);
    programme.control({ type: 'seekBy', offsetMs: 5000 });
    await programme.clock.pass(2000);
    expect(shown(programme)).toBe('source two');
    expect(seenMain(programme)?.positionMs).toBeLessThan(9000);
    expect(seenMain(programme)?.positionMs).toBeGreaterThan(4900);
  });
  test('waits for a publisher whose turn an operator has made, and says so', async () => {
    const programme = await opened(
      list(item('a', file('one')), item('b', live('two')), item('c', file('three'))),
    );
    programme.sources.set('two', 'gone');
    programme.control({ type: 'next' });
    await programme.clock.pass(2000);
    expect([shown(programme), onAir(programme)]).toEqual(['slate', 'slate']);
    const { playlist, entries } = programme.state();
    expect(entries[0]).toMatchObject({ state: 'away', reason: 'nobody sends two' });
    expect(playlist?.index).toBeNull();
    expect(playlist?.items.map(({ state }) => state)).toEqual(['played', 'waiting', 'next']);
    programme.sources.set('two', 'well');
    await programme.clock.pass(2000);
    expect(shown(programme)).toBe('source two');
    expect(programme.state().playlist?.index).toBe(1);
  });

  test('names the item that goes on behind its picture', async () => {
    const programme = await opened(three());
    programme.control({ type: 'pause' });
    await programme.clock.pass(2000);
    programme.control({ type: 'resume' });
    for (let atMs = 0; atMs < 1000; atMs += 50) {
      expect(programme.state().playlist?.items[0]?.state).toBe('playing');
      await programme.clock.pass(50);
    }
    expect(shown(programme)).toBe('source one');
  });

  test('ends a live item by its time, and passes what is missing behind it', async () => {
    const programme = new ScriptedProgramme({
      main: list(item('a', live('one'), { forMs: 8000 }), item('b', file('two')), item('c', file('three'))),
      ...{ fallbacks: [], failback: 'auto' },
    });
    programme.sources.set('two', 'gone');
    await programme.open();
    await programme.clock.pass(12_000);
    expect(shown(programme)).toBe('source three');
    expect(programme.state().playlist?.items[1]?.state).toBe('skipped');
  });

  test.each(['well', 'slow'] as const)(
    'shows a live item whose time is shorter than its start, and is %s, where nothing else can be played',
    async (manner) => {
      const items = [item('a', live('one'), { forMs: 1 }), item('b', file('two'))];
      const programme = new ScriptedProgramme({
        main: { ...list(...items), loop: true } as Source,
        ...{ fallbacks: [], failback: 'auto' },
      });
      programme.sources.set('one', manner);
      programme.sources.set('two', 'gone');
      await programme.open();
      await programme.clock.pass(10_000);
      expect([programme.of('live').length, shown(programme)]).toEqual([1, 'source one']);
      await programme.close();
    },
  );

  test('goes on with a live item that begins again', async () => {
    const main = { ...list(item('a', live('one'), { forMs: 5000 })), loop: true } as Source;
    const programme = await opened(main);
    await programme.clock.pass(60_000);
    expect(shown(programme)).toBe('source one');
    expect(starts(programme, 'one')).toBe(1);
    expect(seenMain(programme)?.round).toBeGreaterThan(9);
  });

  test('whose only item begins behind its end says so, and does not spin', async () => {
    const main = { ...list(item('a', file('one'), { fromMs: 120_000 })), loop: true } as Source;
    const programme = await opened(main);
    await programme.clock.pass(60_000);
    expect(programme.state().entries[0]).toMatchObject({
      reason: 'it was to begin at 2:00, and ends at 0:30',
    });
    expect(starts(programme, 'one')).toBeLessThan(15);
  });

  test('whose items are over at once does not spin', async () => {
    const main = { ...list(item('a', file('one')), item('b', file('two'))), loop: true } as Source;
    const programme = new ScriptedProgramme({ main, fallbacks: [], failback: 'auto' });
    for (const name of ['one', 'two']) programme.sources.set(name, 'brief');
    await programme.open();
    await programme.clock.pass(60_000);
    expect(starts(programme, 'one') + starts(programme, 'two')).toBeLessThan(150);
  });
});

describe('Director whose live item is lost while it goes to another place', () => {
  test.each([
    { to: 'the same item anew', command: { type: 'seek', positionMs: 0 } as const },
    { to: 'another item', command: { type: 'jump', item: 'i-aaaaaaaaac' } as const },
  ])('goes to $to, whenever that is, and leaves no player open', async ({ command }) => {
    for (let atMs = 0; atMs <= 1000; atMs += 50) {
      const main = list(item('a', live('one')), item('b', live('two')), item('c', file('three')));
      const programme = await opened({ ...main, loop: true } as Source);
      programme.sources.set('three', 'slow');
      programme.control(command);
      await programme.clock.pass(atMs);
      programme.sources.set('one', 'gone');
      await programme.clock.pass(100);
      programme.sources.set('one', 'well');
      await programme.clock.pass(10_000);
      expect([atMs, shown(programme)]).toEqual([
        atMs,
        command.type === 'jump' ? 'source three' : 'source one',
      ]);
      expect([atMs, [...programme.sources.open].length]).toEqual([atMs, 1]);
      await programme.close();
      expect([atMs, programme.sources.open.size]).toEqual([atMs, 0]);
    }
  });
});

describe('Director whose source comes back before the slate is made', () => {
  test.each([
    { name: 'is connected to again', lost: 'gone' },
    { name: 'goes on as it was', lost: 'stuck' },
  ] as const)('says that it is on air where it $name', async ({ lost }) => {
    const programme = new ScriptedProgramme({
      ...{ main: live('main'), fallbacks: [], failback: 'auto', slateMs: 8000 },
    });
    await programme.open();
    // Until it is known how often something comes.
    await programme.clock.pass(2000);
    expect(seenMain(programme)?.is.state).toBe('onAir');
    programme.sources.set('main', lost);
    await programme.clock.pass(1500);
    expect(seenMain(programme)?.is.state).toBe('away');
    programme.sources.set('main', 'well');
    // It has to prove that it stays.
    await programme.clock.pass(8000);
    expect([shown(programme), onAir(programme)]).toEqual(['source main', 'main']);
    expect(seenMain(programme)?.is.state).toBe('onAir');
  });
});

describe('Director, where an item is looked at,', () => {
  test('goes to the place that an operator chose, although it is held and let go meanwhile', async () => {
    const programme = await opened(
      list(item('a', file('one')), item('b', file('two')), item('c', file('three'))),
    );
    programme.sources.set('three', 'slow');
    programme.control({ type: 'jump', item: 'i-aaaaaaaaac' });
    await programme.clock.pass(500);
    programme.control({ type: 'pause' });
    await programme.clock.pass(500);
    programme.control({ type: 'resume' });
    await programme.clock.pass(8000);
    expect(programme.said.filter((words) => words.includes('skipped'))).toEqual([]);
    expect(shown(programme)).toBe('source three');
  });

  test('plans each playing of a file by what it is then', async () => {
    const programme = await opened(file('main', true));
    const { maker } = programme.sources;
    const { prepare } = maker;
    const looks: string[] = [];
    maker.prepare = (source, signal) => {
      looks.push(source.kind);
      return prepare(source, signal);
    };
    programme.control({ type: 'seek', positionMs: 10_000 });
    await programme.clock.pass(1000);
    programme.control({ type: 'seek', positionMs: 20_000 });
    await programme.clock.pass(1000);
    expect(looks.length).toBeGreaterThanOrEqual(2);
  });
});

describe('Director that cannot follow all that is wanted', () => {
  test('follows the rest, tells why, and takes the same again', async () => {
    const programme = await opened(file('main', true));
    const { director, sources, wishes } = programme;
    const added = newCandidate('take', file('other', true), 'c-bbbbbbbbbb', 1);
    const { wanted } = wishes;
    const next = { ...wanted, revision: wanted.revision + 1, muted: true, chain: [added, ...wanted.chain] };
    const { known } = sources.maker;
    sources.maker.known = () => {
      throw new Error('what was found is broken');
    };
    const looked = { [added.id]: {} as PreparedSource };
    const followed = () => programme.seen?.revision;
    await expect(director.want(next, looked)).rejects.toThrow('what was found is broken');
    expect([programme.air?.muted, followed()]).toEqual([true, wanted.revision]);
    sources.maker.known = known;
    await director.want(next, looked);
    expect(followed()).toBe(next.revision);
    await programme.clock.pass(3000);
    expect(shown(programme)).toBe('source other');
  });
});

describe('Director whose source never gave a frame', () => {
  test('says that nothing is on air, and why', async () => {
    const programme = new ScriptedProgramme({
      ...{ main: live('main'), fallbacks: [], failback: 'auto', alwaysOn: false },
    });
    programme.sources.set('main', 'dry');
    await programme.open();
    await programme.clock.pass(5000);
    expect(programme.seen).toMatchObject({ onAir: null, candidates: [{ is: { state: 'starting' } }] });
    expect(programme.state()).toMatchObject({
      onAir: { entry: 'nothing', words: 'main: starting' },
      entries: [{ state: 'starting' }, { entry: 'slate' }],
    });
  });
});
