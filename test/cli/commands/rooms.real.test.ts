import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { inProcess, values } from '../mirolive.ts';

let daemon: TestDaemon;
const run = (...args: string[]) => inProcess(['rooms', ...args, '--socket', daemon.socket]);
const row = (stdout: string, key: string) =>
  stdout.split('\n').find((line) => line.startsWith(`${key} `)) ?? '';

beforeAll(async () => {
  daemon = await startDaemon();
});

afterAll(() => daemon[Symbol.asyncDispose]());

it('what is set of a room holds, is shown with who set it, and holds no more', async () => {
  const nobodys = (await run('show', 'lobby')).stdout;
  expect(nobodys.split('\n').slice(0, 2)).toEqual([
    `lobby: idle, 0 viewers, ${daemon.url}/lobby`,
    'Nobody has declared this room: all is as it is by default.',
  ]);
  expect(row(nobodys, 'reconnectGrace')).toMatch(/60s +default$/);
  const set = await run('set', 'lobby', 'reconnectGrace=2m', 'slate.text=Back at nine: tea');
  expect(set).toMatchObject({ exitCode: 0, stderr: '' });
  expect(set.stdout.split('\n')).toEqual([
    'KEY             HOLDS',
    'reconnectGrace  from now on',
    'slate.text      from the next broadcast of a room on',
  ]);
  const shown = (await run('show', 'lobby')).stdout;
  expect(row(shown, 'reconnectGrace')).toMatch(/2m +set by \S+, \d\d:\d\d:\d\d$/);
  expect(row(shown, 'slate.text')).toContain('Back at nine: tea');
  const [details] = values((await run('show', 'lobby', '--json')).stdout) as [{ settings: object[] }];
  expect(details).toMatchObject({ name: 'lobby', inFile: false, appliedBy: null, problems: [] });
  expect((await run('set', 'lobby', 'reconnectGrace=2m')).stdout).toBe(
    'Nothing has changed: room lobby is set so already.',
  );
  expect((await run('unset', 'lobby', 'slate')).stdout).toContain('slate.text');
  expect((await run('unset', 'lobby', '--all')).stdout).toContain('reconnectGrace');
  expect((await run('show', 'lobby')).stdout).toBe(nobodys);
});

it('what is wrong is refused as a whole, with what was meant', async () => {
  const refused = await run('set', 'lobby', 'hold=3s', 'reconectGrace=2m');
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toBe(
    `error: unknown key reconectGrace; did you mean reconnectGrace?\n  next: See what there is: mirolive rooms show lobby --socket ${daemon.socket}`,
  );
  expect(row((await run('show', 'lobby')).stdout, 'hold')).toMatch(/5s +default$/);
  expect((await run('set', 'lobby', 'hold')).stderr).toContain(
    'expected a key with its value, such as hold=10s, got hold',
  );
  expect((await run('unset', 'lobby')).stderr).toContain('expected keys that are to be unset, or --all');
});

it('no password of an address and no header of a fallback is shown', async () => {
  const fallback = '[{ url: "https://u:hunter2@example.org/a.mp4", headers: { Cookie: hunter3 } }]';
  await run('set', 'lobby', `fallback=${fallback}`);
  const shown = (await run('show', 'lobby')).stdout;
  expect(row(shown, 'fallback')).toContain('[{"url":"https://example.org/a.mp4","headers":"Cookie"}]');
  expect(shown).not.toContain('hunter');
});

it('what is set holds after a restart, until it is unset there', async () => {
  using state = temporaryFolder();
  const began = () =>
    startDaemon({ state: { dir: state.path }, rooms: { lobby: { hold: '2s', access: 'open' } } });
  const holds = async ({ socket }: TestDaemon) => {
    const { stdout } = await inProcess(['rooms', 'show', 'lobby', '--socket', socket]);
    return [row(stdout, 'access'), row(stdout, 'hold')];
  };
  {
    await using first = await began();
    await inProcess(['rooms', 'set', 'lobby', 'access=closed', 'hold=9s', '--socket', first.socket]);
  }
  {
    await using second = await began();
    expect(second.daemon.desk.room('lobby').entry).toBe('closed');
    expect(await holds(second)).toEqual([
      expect.stringMatching(/closed +set by .*; file says open$/),
      expect.stringMatching(/9s +set by .*; file says 2s$/),
    ]);
    await inProcess(['rooms', 'unset', 'lobby', 'hold', 'access', '--socket', second.socket]);
  }
  await using third = await began();
  expect(await holds(third)).toEqual([
    expect.stringMatching(/open +file$/),
    expect.stringMatching(/2s +file$/),
  ]);
});
