import { describe, expect, it } from 'vitest';
import { keptPart } from '../../../src/contract/kept-part.ts';
import { openDesk } from '../desk.ts';
import { inProcess, mirolive } from '../mirolive.ts';
import { broadcast, idleStatus } from '../samples.ts';

describe('mirolive stop', () => {
  it.each([
    { args: [broadcast.id], call: { name: 'stopBroadcast', input: { id: broadcast.id } } },
    { args: ['--room', 'lobby'], call: { name: 'stopRoom', input: { room: 'lobby' } } },
  ])('takes off air what $args names', async ({ args, call }) => {
    await using desk = await openDesk({
      ...{ stopBroadcast: () => broadcast, stopRoom: () => broadcast, status: () => idleStatus },
    });
    const { stdout, stderr, exitCode } = await mirolive(['stop', ...args, '--socket', desk.socket]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe('Off air: talk.mp4 in lobby (b-aaaaaaaaaa)');
    expect(desk.asked.map(({ name }) => name)).toEqual([call.name, 'getRoom', 'status']);
    expect(desk.asked[0]).toEqual(call);
  });

  it('says what is seen in a room that is always on, and how to end that', async () => {
    const settings = [{ key: 'alwaysOn', value: true, from: 'set' as const }];
    const getRoom = () => ({
      ...{ name: 'lobby', inFile: false, appliedBy: null, entry: 'open' as const, state: 'live' as const },
      ...{ viewers: 0, watchUrl: 'http://127.0.0.1:8080/lobby', settings, problems: [] },
    });
    await using desk = await openDesk({ stopRoom: () => broadcast, status: () => idleStatus, getRoom });
    const { stdout } = await inProcess(['stop', '--room', 'lobby', '--socket', desk.socket]);
    expect(stdout).toMatch(/^Stopped: talk\.mp4 in lobby .*viewers see its slate now/);
    expect(stdout).toContain('mirolive rooms set lobby alwaysOn=false');
  });

  it('warns that it may be on air again after a restart, where that cannot be written', async () => {
    const degraded = [
      { part: keptPart, since: broadcast.startedAt, reason: 'ENOSPC', failures: 1, nextTryAt: null },
    ];
    await using desk = await openDesk({
      stopRoom: () => broadcast,
      status: () => ({ ...idleStatus, degraded }),
    });
    const { stderr, exitCode } = await inProcess(['stop', '--room', 'lobby', '--socket', desk.socket]);
    expect([exitCode, stderr]).toEqual([
      0,
      'warning: After a restart of the daemon this holds only if it can be written by then: ENOSPC',
    ]);
  });

  it.each([{ args: [] }, { args: [broadcast.id, '--room', 'lobby'] }])(
    'wants either an id or a room, not $args',
    async ({ args }) => {
      const { stderr, exitCode } = await mirolive(['stop', ...args]);
      expect(exitCode).toBe(2);
      expect(stderr).toBe(
        'error: expected either the id of a broadcast or --room\n  next: List what is on air: mirolive broadcasts',
      );
    },
  );

  it('says that a room has its own option', async () => {
    const { stderr, exitCode } = await inProcess(['stop', 'lobby']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "error: expected the id of a broadcast, got 'lobby'; did you mean --room lobby?",
    );
  });
});
