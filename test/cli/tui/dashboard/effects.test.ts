import { expect, test, vi } from 'vitest';
import type { Act } from '../../../../src/cli/tui/dashboard/act.ts';
import type { Action } from '../../../../src/cli/tui/dashboard/action.ts';
import { candidatesOf, type RunLine } from '../../../../src/cli/tui/dashboard/complete.ts';
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
    ...{ places: [], files: { cwd: '/', areHere: true } },
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

/** What is told of an act, and what the daemon was asked. */
async function acted(act: Act, answers: Readonly<Record<string, unknown>>) {
  const told: Action[] = [];
  const call = vi.fn(async (name: string, _params: unknown) => answers[name]);
  const effects = createEffects({
    ...{ client: { call } as never, dispatch: (action) => told.push(action), seen: () => ({}) as never },
    ...{ runLine: async () => 0, places: [], files: { cwd: '/', areHere: true } },
  });
  effects({ do: 'act', act });
  await vi.waitFor(() => expect(told).toHaveLength(1));
  return { told: told[0], asked: call.mock.calls };
}

const [viewer, ban] = ['v-aaaaaaaaaa', 'x-aaaaaaaaaa'];

test.each([
  {
    act: { is: 'kick', viewer },
    answers: { kickViewers: { kicked: [viewer], missing: [], sharing: 2 } },
    asked: ['kickViewers', { ids: [viewer], reason: null }],
    told: { words: `Put out: ${viewer}. From the same address: 2 other viewers, who may stay`, undo: null },
  },
  {
    act: { is: 'ban', viewer, room: 'lobby' },
    answers: { ban: { ban: { id: ban }, kicked: [viewer, 'v-b'], sharing: 0 } },
    asked: ['ban', { who: viewer, room: 'lobby', forMs: null, reason: null }],
    told: { words: `banned ${viewer} from lobby, with 1 more`, undo: { is: 'unban', ban } },
  },
  {
    act: { is: 'unban', ban, words: 'banned him' },
    ...{ answers: {}, asked: ['unban', { id: ban }], told: { words: 'taken back: banned him', undo: null } },
  },
  {
    act: { is: 'message', viewer, text: 'next' },
    answers: { messageViewer: { reached: true } },
    ...{
      asked: ['messageViewer', { id: viewer, text: 'next', forMs: null }],
      told: { words: `shown to ${viewer}` },
    },
  },
  {
    act: { is: 'message', viewer, text: 'next' },
    answers: { messageViewer: { reached: false } },
    asked: ['messageViewer', { id: viewer, text: 'next', forMs: null }],
    told: { text: expect.stringMatching(/^Could not be shown to v-aaaaaaaaaa: /), tint: 'bad' },
  },
  {
    act: { is: 'announce', room: 'lobby', text: 'Shortly' },
    answers: { announce: { reached: 3, unreached: [] } },
    asked: ['announce', { text: 'Shortly', room: 'lobby' }],
    told: { words: 'Shown to 3 viewers of room lobby', undo: null },
  },
] as const)('$act asks $asked, and tells what came of it', async ({ act, answers, asked, told }) => {
  const done = await acted(act, answers);
  expect(done.asked).toEqual([asked]);
  expect(done.told).toMatchObject(told);
});

test.each([
  { line: 'stream --file /sr', areHere: true, offered: '/srv/' },
  { line: 'stream --file /sr', areHere: false, offered: '' },
  { line: 'stream --playlist /sr', areHere: false, offered: '/srv/' },
])('offers names of files only where they are those of this machine: $line', async (one) => {
  const { line, areHere, offered } = one;
  const run: RunLine = async (_argv, print) => {
    print(':files\n');
    return 0;
  };
  const found = await candidatesOf(line, [], { cwd: '/', areHere }, run);
  expect(found.map(({ word }) => word)).toContain(offered);
  expect(found.some(({ meaning }) => meaning.includes("the daemon's machine"))).toBe(offered === '');
});
