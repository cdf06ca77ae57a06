import { expect, test, vi } from 'vitest';
import type { Action } from '../../../../src/cli/tui/dashboard/action.ts';
import { createEffects } from '../../../../src/cli/tui/dashboard/effects.ts';

test('what a command says last that takes its time to end is not told of the next one', async () => {
  const actions: Action[] = [];
  const ends: ((status: number) => void)[] = [];
  const effects = createEffects({
    ...{ client: {} as never, dispatch: (action) => actions.push(action), seen: () => ({}) as never },
    runLine: (argv, print) =>
      new Promise((resolve) => {
        ends.push((status) => {
          print(`${argv[0]} ends\nwith status ${status}`);
          resolve(status);
        });
      }),
    ...{ places: [], cwd: '/' },
  });
  effects({ do: 'run', argv: ['stream'] });
  effects({ do: 'interrupt' });
  effects({ do: 'run', argv: ['logs'] });
  ends[0]?.(130);
  ends[1]?.(0);
  await vi.waitFor(() => expect(actions).toContainEqual({ type: 'ended', status: 0 }));
  expect(actions).toEqual([
    { type: 'printed', text: 'logs ends' },
    { type: 'printed', text: 'with status 0' },
    { type: 'ended', status: 0 },
  ]);
});
