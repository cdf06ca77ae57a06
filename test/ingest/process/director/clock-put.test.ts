import { describe, expect, test } from 'vitest';
import type { Source } from '../../../../src/contract/models.ts';
import { file, item, list, opened, shown } from './scripted.ts';

const hourMs = 3_600_000;
const main = { ...list(item('a', file('one')), item('b', file('two'))), loop: true } as Source;

describe('Director, when the wall clock is put', () => {
  test.each([
    { how: 'back', byMs: -hourMs, dies: false },
    { how: 'back by less than a retry takes', byMs: -50_000, dies: false },
    { how: 'back while its process dies', byMs: -hourMs, dies: true },
    { how: 'back by less while its process dies', byMs: -50_000, dies: true },
    { how: 'on', byMs: hourMs, dies: false },
  ])('$how tries what was passed over again within its minute', async ({ byMs, dies }) => {
    const programme = await opened(main);
    for (const name of ['one', 'two']) programme.sources.set(name, 'gone');
    programme.control({ type: 'next' });
    await programme.clock.pass(5000);
    expect(shown(programme)).toBe('slate');
    if (dies) await programme.die();
    programme.clock.putWall(byMs);
    if (dies) await programme.open();
    for (const name of ['one', 'two']) programme.sources.set(name, 'well');
    await programme.clock.pass(62_000);
    expect(shown(programme)).toMatch(/^source (one|two)$/);
  });

  test('back while its process dies tries what had failed again soon', async () => {
    const programme = await opened(file('main', true), { fallbacks: [file('backup', true)] });
    programme.sources.set('main', 'gone');
    await programme.clock.pass(8000);
    await programme.die();
    programme.clock.putWall(-hourMs);
    programme.sources.set('main', 'well');
    await programme.open();
    await programme.clock.pass(17_000);
    expect(shown(programme)).toBe('source main');
  });
});
