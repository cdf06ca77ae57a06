import { expect, test } from 'vitest';
import {
  type RestartNotice,
  restartNotice,
  restartNoticeLines,
} from '../../../src/cli/words/restart-notice.ts';
import type { Status } from '../../../src/contract/models.ts';
import { stateVersion as contractVersion } from '../../../src/contract/state-version.ts';
import { stateVersion } from '../../../src/daemon/state/migrations.ts';
import { broadcast, idleStatus, publisher, room } from '../samples.ts';

const onAir: Status = { ...idleStatus, rooms: [{ ...room, viewers: 0 }], broadcasts: [broadcast] };
const kept: Status = { ...onAir, broadcasts: [{ ...broadcast, kept: true } as typeof broadcast] };
const plain = (_style: unknown, text: string) => text;
const words = (notice: RestartNotice) => restartNoticeLines(notice, plain).join('\n');

test.each([
  { name: 'nothing on air', status: idleStatus, publishers: [], noticed: false },
  { name: 'a broadcast that is lost, though nobody watches', status: onAir, publishers: [], noticed: true },
  { name: 'a kept broadcast that nobody watches', status: kept, publishers: [], noticed: false },
  {
    name: 'a kept broadcast with viewers',
    status: { ...kept, rooms: [room], viewers: 3 },
    publishers: [],
    noticed: true,
  },
  { name: 'a viewer who waits', status: { ...idleStatus, viewers: 1 }, publishers: [], noticed: true },
  { name: 'a publisher', status: idleStatus, publishers: [publisher('lobby', 'cam1')], noticed: true },
])('with $name a restart is noticed: $noticed', ({ status, publishers, noticed }) => {
  const notice = restartNotice(status, publishers);
  expect(notice.noticed).toBe(noticed);
  expect(words(notice)).toContain(noticed ? 'would be noticed' : 'Nobody would notice');
});

test.each([
  { running: undefined, says: `this build has version ${stateVersion}; the daemon does not tell its own` },
  { running: stateVersion, says: `version ${stateVersion}, as this build has it` },
  { running: stateVersion - 1, says: `becomes ${stateVersion}: an older mirolive cannot read it then` },
  { running: stateVersion + 1, says: `this build reads no more than ${stateVersion}` },
])('a state of version $running is told as such', ({ running, says }) => {
  const state = { ...idleStatus.state, ...(running !== undefined && { version: running }) };
  expect(words(restartNotice({ ...idleStatus, state }, []))).toContain(says);
});

test('the words name what is lost, who connects again, how long it takes and what to run', () => {
  const status = { ...onAir, rooms: [room], viewers: 3, newerBuild: true, startTookMs: 840 };
  expect(words(restartNotice(status, [publisher('lobby', 'cam1')]))).toMatchInlineSnapshot(`
    "A restart now would be noticed.
    build      a newer one waits for a restart
    state      this build has version 13; the daemon does not tell its own
    takes      0.8 s, as its last start did, until it answers; pictures come after that
    viewers    3; their pages come back by themselves
    publishers lobby/cam1: they have to connect again

    ROOM   ID            VIEWERS  AFTERWARDS
    lobby  b-aaaaaaaaaa  3        lost

    1 broadcast would have to be started again by hand.

    Restart it with: systemctl restart mirolive; without systemd, end its process, then: mirolive daemon --background"
  `);
});

test('what cannot be written is not promised to be on air again', () => {
  const reason = 'what is to go on after a restart cannot be written: attempt to write a readonly database';
  const degraded = [
    { part: 'kept broadcasts', reason, since: broadcast.startedAt, failures: 3, nextTryAt: null },
  ];
  const notice = restartNotice({ ...kept, degraded }, []);
  expect(notice).toMatchObject({ noticed: true, unwritten: reason });
  expect(words(notice)).toContain(`\n           ${reason}\n`);
  expect(words(notice)).toMatch(/^lobby .* as it was, or lost$/m);
});

test('the contract has the version that the migrations lead to', () => {
  expect(contractVersion).toBe(stateVersion);
});
