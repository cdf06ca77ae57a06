import { describe, expect, test } from 'vitest';
import { file, item, list, live, opened, shown } from './scripted.ts';

const graceMs = 10_000;
const begun = () => opened(file('main', true), { alwaysOn: false, graceMs });

describe('Director whose daemon stands still', () => {
  test('does not end for what waits for it, and does for what stays away when it goes on', async () => {
    const programme = await begun();
    programme.sources.set('main', 'gone');
    programme.sources.daemonStands = true;
    await programme.clock.pass(75_000);
    expect([shown(programme), programme.ended]).toEqual(['slate', false]);
    programme.sources.set('main', 'well');
    programme.sources.daemonStands = false;
    await programme.clock.pass(12_000);
    expect([shown(programme), programme.ended]).toEqual(['source main', false]);
    programme.sources.set('main', 'gone');
    await programme.clock.pass(graceMs + 8000);
    expect(programme.ended).toBe(true);
  });

  test('waits as long as before for a live item that is away', async () => {
    const main = list(item('a', live('one')), item('b', file('two')));
    const programme = await opened(main, { graceMs, fallbacks: [file('backup')] });
    programme.sources.set('one', 'gone');
    programme.sources.daemonStands = true;
    await programme.clock.pass(25_000);
    programme.sources.daemonStands = false;
    programme.sources.set('one', 'well');
    await programme.clock.pass(10_000);
    expect(programme.shown).toEqual(['source one', 'slate', 'source backup', 'source one']);
    programme.sources.set('one', 'gone');
    await programme.clock.pass(graceMs + 8000);
    expect(shown(programme)).toBe('source two');
  });

  test('loops a file that is known', async () => {
    const programme = await begun();
    programme.sources.daemonStands = true;
    await programme.clock.pass(120_000);
    expect(programme.shown).toEqual(['source main']);
    expect(programme.longestGapMs).toBeLessThan(300);
  });
});
