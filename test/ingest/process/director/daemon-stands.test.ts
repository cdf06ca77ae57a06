import { describe, expect, test } from 'vitest';
import { file, opened, shown } from './scripted.ts';

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

  test('loops a file that is known', async () => {
    const programme = await begun();
    programme.sources.daemonStands = true;
    await programme.clock.pass(120_000);
    expect(programme.shown).toEqual(['source main']);
    expect(programme.longestGapMs).toBeLessThan(300);
  });
});
