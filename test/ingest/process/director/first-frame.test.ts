import { describe, expect, test } from 'vitest';
import { ScriptedProgramme, type Setting } from '../../../sim/scripted-programme.ts';
import { file, live, shown, unplaced } from './scripted.ts';

const slateMs = 100;

/** A programme that somebody waits for. */
async function begun(setting: Partial<Setting>, prepare: (programme: ScriptedProgramme) => void = () => {}) {
  const programme = new ScriptedProgramme({
    ...{ main: file('main', true), fallbacks: [], failback: 'auto', alwaysOn: false, slateMs },
    ...setting,
  });
  prepare(programme);
  await programme.open();
  return programme;
}

describe('Director whose first frame does not come', () => {
  test.each([
    ['of a file that is slow to open', file('main', true), 'slow'],
    ['of a file that gives nothing', file('main', true), 'dry'],
    ['of somebody who does not publish', live('main'), 'gone'],
  ] as const)('shows the slate within four seconds: %s', async (_, main, manner) => {
    const programme = await begun({ main }, ({ sources }) => sources.set('main', manner));
    await programme.clock.pass(2900);
    expect(programme.shown).toEqual([]);
    await programme.clock.pass(800);
    expect(shown(programme)).toBe('slate');
    // Whoever asked for it still waits.
    expect([programme.of('live'), programme.seen?.live, programme.state().onAir.entry]).toEqual([
      [],
      false,
      'nothing',
    ]);
    programme.sources.set('main', 'well');
    await programme.clock.pass(20_000);
    expect(shown(programme)).toBe('source main');
    expect([programme.of('live').length, programme.seen?.slates, programme.seen?.switches]).toEqual([
      1, 0, 0,
    ]);
    await programme.close();
  });

  test('shows the slate where what is ready cannot be placed', async () => {
    const programme = await begun({ maker: unplaced(() => true) });
    await programme.clock.pass(4000);
    expect([shown(programme), programme.of('live')]).toEqual(['slate', []]);
    await programme.close();
  });

  test('shows no slate where it comes soon', async () => {
    const programme = await begun({});
    await programme.clock.pass(5000);
    expect(programme.shown).toEqual(['source main']);
    await programme.close();
  });

  test('says why it fails, as it would without the slate', async () => {
    const programme = await begun({ main: file('main') }, ({ sources }) => sources.set('main', 'dry'));
    await programme.clock.pass(16_000);
    expect(programme.shown).toEqual(['slate']);
    expect(programme.of('ended')).toMatchObject([{ message: 'no output' }]);
    expect(programme.of('live')).toEqual([]);
  });

  test('covers the slate that was put over it by hand as it always does', async () => {
    const programme = await begun({}, ({ sources }) => sources.set('main', 'dry'));
    await programme.clock.pass(1000);
    programme.control({ type: 'slate', on: true });
    await programme.clock.pass(1000);
    expect([shown(programme), programme.state().onAir.entry, programme.of('live').length]).toEqual([
      'slate',
      'slate',
      1,
    ]);
    await programme.close();
  });
});

test('Director that is connected late shows no slate for a moment', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const main = file('main', true);
  const setting = { main, fallbacks: [], failback: 'auto', alwaysOn: false, slateMs: 0 } as const;
  const programme = new ScriptedProgramme({ ...setting, connect: () => promise });
  const opening = programme.open();
  await programme.clock.pass(5000);
  resolve();
  await opening;
  await programme.clock.pass(3000);
  expect(programme.shown).toEqual(['source main']);
  await programme.close();
});

test('Director goes on where it is connected elsewhere before it could not be connected', async () => {
  const first = Promise.withResolvers<void>();
  const connect = async (port: number) => (port === 2 ? await first.promise : undefined);
  const programme = await begun({ connect });
  await programme.clock.pass(3000);
  const failing = programme.director.connect(2);
  await programme.director.connect(3);
  first.reject(new Error('refused'));
  await failing;
  await programme.clock.pass(1000);
  expect([programme.ended, shown(programme)]).toEqual([false, 'source main']);
  await programme.close();
});

test('Director ends where it cannot be connected', async () => {
  const programme = await begun({ connect: () => Promise.reject(new Error('refused')) });
  expect(programme.of('ended')).toMatchObject([{ message: 'cannot play to port 1: refused' }]);
});
