import { describe, expect, test } from 'vitest';
import type { Control } from '../../../../src/contract/control.ts';
import type { Source } from '../../../../src/contract/models.ts';
import type { ScriptedProgramme } from '../../../sim/scripted-programme.ts';
import { fileMs } from '../../../sim/scripted-sources.ts';
import { file, item, list, live, onAir, opened, shown } from './scripted.ts';

const three = () => list(item('a', file('one')), item('b', file('two')), item('c', file('three')));
const remove = (letter: string): Control => ({ type: 'remove', item: `i-aaaaaaaaa${letter}` });

/** What was shown from now on until all is over. */
async function shownLater(programme: ScriptedProgramme, ms = 3 * fileMs): Promise<readonly string[]> {
  await programme.clock.pass(ms);
  return programme.shown.filter((words) => words.startsWith('source')).map((words) => words.slice(7));
}

describe('Director whose playlist is changed while an item is made ready', () => {
  test('goes on with what plays, where the item that was jumped to is taken out', async () => {
    const programme = await opened(three());
    programme.sources.set('two', 'slow');
    programme.control({ type: 'jump', item: 'i-aaaaaaaaab' });
    await programme.clock.pass(500);
    programme.control(remove('b'));
    expect(await shownLater(programme)).toEqual(['one', 'three']);
    expect(programme.state().slates).toBe(1);
  });

  test.each([
    { name: 'taken out', command: remove('d') },
    { name: 'moved', command: { type: 'move', item: 'i-aaaaaaaaad', to: 3 } satisfies Control },
  ])('plays what follows now, where the one that was to is $name', async ({ command }) => {
    for (let leftMs = 4000; leftMs > 0; leftMs -= 250) {
      const programme = await opened(three());
      programme.sources.set('late', 'slow');
      await programme.clock.pass(fileMs - 3000 - 4500);
      programme.control({ type: 'add', items: [item('d', file('late'))], at: 1 });
      await programme.clock.pass(4500 - leftMs);
      programme.control(command);
      expect([leftMs, (await shownLater(programme, fileMs + 8000)).slice(0, 2)]).toEqual([
        leftMs,
        ['one', 'two'],
      ]);
      await programme.close();
    }
  });

  test('passes the item whose turn it is, where it is taken out before it came', async () => {
    const programme = await opened(
      list(item('a', file('one')), item('b', live('two')), item('c', file('three'))),
    );
    programme.sources.set('two', 'gone');
    programme.control({ type: 'next' });
    await programme.clock.pass(2000);
    expect(shown(programme)).toBe('slate');
    programme.control(remove('b'));
    await programme.clock.pass(1000);
    expect(shown(programme)).toBe('source three');
  });

  test('goes on where it was, where that and what was jumped to meanwhile are made ready, and the latter is taken out', async () => {
    const programme = await opened(three());
    await programme.die();
    for (const name of ['one', 'two']) programme.sources.set(name, 'slow');
    await programme.open();
    programme.control({ type: 'jump', item: 'i-aaaaaaaaab' });
    await programme.clock.pass(500);
    programme.control(remove('b'));
    expect(await shownLater(programme)).toEqual(['one', 'one', 'three']);
  });

  test('plays what is added at once, where all else was passed over', async () => {
    const main = { ...list(item('a', file('one')), item('b', file('two'))), loop: true } as Source;
    const programme = await opened(main);
    for (const name of ['one', 'two']) programme.sources.set(name, 'gone');
    programme.control({ type: 'next' });
    await programme.clock.pass(10_000);
    expect(shown(programme)).toBe('slate');
    programme.control({ type: 'add', items: [item('c', file('three'))], at: null });
    await programme.clock.pass(1000);
    expect(shown(programme)).toBe('source three');
  });

  test('repeats the one item that is left, which is back after it had failed', async () => {
    const main = { ...list(item('a', file('one')), item('b', file('two'))), loop: true } as Source;
    const programme = await opened(main, { fallbacks: [live('backup')], failback: 'manual' });
    programme.sources.set('one', 'dry');
    programme.control(remove('b'));
    await programme.clock.pass(20_000);
    expect(shown(programme)).toBe('source backup');
    programme.sources.allWell();
    programme.control({ type: 'release' });
    const left: (string | undefined)[] = [];
    for (let s = 0; s < 40; s += 5) {
      await programme.clock.pass(5000);
      left.push(shown(programme));
    }
    expect(left).toEqual(Array(8).fill('source one'));
  });

  test('shows the slate, and does not flicker, where a live item was taken out and what is left cannot be played', async () => {
    const main = { ...list(item('a', live('one'), { forMs: 5000 }), item('b', file('two'))), loop: true };
    const programme = await opened(main as Source);
    programme.control(remove('a'));
    programme.sources.set('two', 'gone');
    await programme.clock.pass(20_000);
    expect([shown(programme), onAir(programme)]).toEqual(['slate', 'slate']);
    expect(programme.of('programme.switched').map(({ to }) => to.entry)).toEqual(['slate']);
    programme.sources.set('two', 'well');
    await programme.clock.pass(60_000);
    expect(shown(programme)).toBe('source two');
  });

  test('plays items of a moment in turn', async () => {
    const main = { ...list(item('a', file('one')), item('b', file('two'))), loop: true } as Source;
    const programme = await opened(main);
    programme.sources.set('one', 'brief');
    programme.sources.set('two', 'brief');
    programme.control({ type: 'next' });
    await programme.clock.pass(3000);
    expect(programme.shown.slice(0, 5)).toEqual(
      ['one', 'two', 'one', 'two', 'one'].map((name) => `source ${name}`),
    );
  });
});
