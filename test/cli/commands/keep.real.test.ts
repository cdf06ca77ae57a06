import { describe, expect, it } from 'vitest';
import { openDesk } from '../desk.ts';
import { inProcess, mirolive } from '../mirolive.ts';
import { broadcast, idleStatus } from '../samples.ts';

describe('mirolive keep', () => {
  it.each([
    { state: 'on', words: 'goes on after a restart' },
    { state: 'off', words: 'ends with the daemon' },
  ])('says $state', async ({ state, words }) => {
    const on = state === 'on';
    await using desk = await openDesk({
      keepBroadcast: () => ({ ...broadcast, kept: on }),
      status: () => idleStatus,
    });
    const { stdout, exitCode } = await inProcess([
      ...['keep', state, '--room', 'lobby', '--socket', desk.socket],
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`talk.mp4 in lobby (b-aaaaaaaaaa) ${words}`);
    expect(desk.asked).toEqual([
      { name: 'keepBroadcast', input: { room: 'lobby', on } },
      { name: 'status', input: {} },
    ]);
  });
});

describe('mirolive stream --keep', () => {
  it('leaves its broadcast on air where it is interrupted', async () => {
    await using desk = await openDesk({
      ...{ startBroadcast: () => ({ ...broadcast, kept: true }), listRooms: () => [] },
    });
    const process = mirolive([
      ...['stream', '--file', 'talk.mp4', '--room', 'lobby', '--keep', '--socket', desk.socket],
    ]);
    for await (const line of process) if (line.startsWith('watch:')) process.kill('SIGINT');
    expect((await process).exitCode).toBe(0);
    expect(desk.asked.map(({ name }) => name)).not.toContain('stopBroadcast');
    expect(desk.asked.find(({ name }) => name === 'startBroadcast')).toMatchObject({ input: { keep: true } });
  });

  it.each([
    {
      problem: null,
      words:
        'It goes on after a restart of the daemon, until it is over or stopped: mirolive stop --room lobby',
    },
    {
      problem: 'the state cannot be written: EROFS',
      words:
        'It goes on after a restart of the daemon only if it can be written by then: the state cannot be written: EROFS',
    },
  ])('says with --detach whether it goes on, and how it is stopped: $problem', async ({ problem, words }) => {
    await using desk = await openDesk({
      startBroadcast: () => ({ ...broadcast, kept: true }),
      listRooms: () => [],
      status: () => ({ ...idleStatus, state: { ...idleStatus.state, problem } }),
    });
    const { stdout, stderr } = await inProcess([
      ...['stream', '--file', 'talk.mp4', '--room', 'lobby', '--keep', '--detach', '--socket', desk.socket],
    ]);
    expect(stdout).toBe(broadcast.id);
    expect(stderr).toBe(words);
  });

  it('is refused for a pipe, before anything is read from it', async () => {
    const { stderr, exitCode } = await inProcess(['stream', '--stdin', '--room', 'lobby', '--keep']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'error: expected no --keep with --stdin: what comes through a pipe is gone after a restart\n  next: Let a file, an address or a stream key be the source, or leave out --keep',
    );
  });
});
