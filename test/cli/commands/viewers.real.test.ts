import { describe, expect, it } from 'vitest';
import type { CallResult } from '../../../src/contract/api.ts';
import type { Ban } from '../../../src/contract/bans.ts';
import { openDesk } from '../desk.ts';
import { inProcess } from '../mirolive.ts';

const [one, other] = ['v-aaaaaaaaaa', 'v-bbbbbbbbbb'];
const ban: Ban = {
  ...{ id: 'x-aaaaaaaaaa', banned: { kind: 'network', network: '192.0.2.0/24' }, room: 'lobby' },
  ...{ reason: 'Too\tloud', at: new Date().toISOString(), until: null },
};
const answers = {
  kickViewers: () => ({ kicked: [one], missing: [other], sharing: 2 }),
  ban: () => ({ ban, kicked: [one, other], sharing: 0 }),
  listBans: () => [ban],
  unban: () => ban,
  messageViewer: () => ({ reached: false }),
  announce: () => ({ reached: 1, unreached: [other] }),
  setRoom: () => [],
};

describe('mirolive viewers', () => {
  it.each([
    {
      words: ['kick', one, other, '--reason', 'Too loud'],
      asked: { name: 'kickViewers', input: { ids: [one, other], reason: 'Too loud' } },
      said: [`Put out: ${one}`, `Had left: ${other}`, 'From the same address: 2 other viewers, who may stay'],
    },
    {
      words: ['ban', '192.0.2.0/24', '--for', '1h', '--room', 'lobby'],
      asked: { name: 'ban', input: { who: '192.0.2.0/24', room: 'lobby', forMs: 3_600_000, reason: null } },
      said: [
        expect.stringMatching(
          /^Banned from room lobby until it is lifted: 192\.0\.2\.0\/24; to lift it: mirolive viewers unban x-aaaaaaaaaa /,
        ),
        `Put out: ${one}, ${other}`,
      ],
    },
    {
      words: ['ban', one, '--address'],
      asked: { name: 'ban', input: { who: one, address: true, forMs: null, reason: null } },
      said: [
        expect.stringMatching(/^Banned from room lobby/),
        `Put out: ${one}, ${other}`,
        'Of them 1 other viewer had the same address',
      ],
    },
    {
      words: ['bans', '--room', 'lobby'],
      asked: { name: 'listBans', input: { room: 'lobby' } },
      said: [
        expect.stringMatching(/^ID +BANNED +ROOM +SINCE +ENDS +REASON$/),
        expect.stringMatching(/^x-aaaaaaaaaa {2}192\.0\.2\.0\/24 {2}lobby {2}\d+ s +never {2}Too\\tloud$/),
      ],
    },
    {
      words: ['unban', ban.id],
      asked: { name: 'unban', input: { id: ban.id } },
      said: [`Lifted: ${ban.id}`],
    },
    {
      words: ['message', one, 'You are next'],
      asked: { name: 'messageViewer', input: { id: one, text: 'You are next', forMs: null } },
      said: [expect.stringMatching(/^Could not be shown to v-aaaaaaaaaa: players by WHEP/)],
    },
    {
      words: ['announce', 'Shortly', '--room', 'lobby', '--for', '5m'],
      asked: { name: 'announce', input: { text: 'Shortly', room: 'lobby', forMs: 300_000 } },
      said: [
        'Shown to 1 viewer of room lobby',
        expect.stringMatching(/^Could not be shown to v-bbbbbbbbbb: /),
      ],
    },
    {
      words: ['announce', 'Shortly'],
      asked: { name: 'announce', input: { text: 'Shortly', forMs: 30_000 } },
      said: ['Shown to 1 viewer', expect.stringMatching(/^Could not be shown to/)],
    },
  ])('$words asks for that, and says what came of it', async ({ words, asked, said }) => {
    await using desk = await openDesk(answers);
    const { stdout, exitCode } = await inProcess(['viewers', ...words, '--socket', desk.socket]);
    expect([stdout.split('\n'), exitCode]).toEqual([said, 0]);
    expect(desk.asked).toEqual([asked]);
  });

  it('ban says who of a guest is banned, and by which link he may come again', async () => {
    const banned = {
      kind: 'guest',
      guest: 'g-aaaaaaaaaa',
      link: 'l-aaaaaaaaaa',
      browser: 'u-aaaaaaaaaaaaaaaa',
    };
    const made = { ban: { ...ban, banned }, kicked: [one], sharing: 3, openLink: banned.link };
    await using desk = await openDesk({ ban: () => made as CallResult<'ban'> });
    const { stdout } = await inProcess(['viewers', 'ban', one, '--socket', desk.socket]);
    expect(stdout.split('\n').map((line) => line.replace(` --socket ${desk.socket}`, ''))).toEqual([
      'Banned from room lobby until it is lifted: guest g-aaaaaaaaaa of link l-aaaaaaaaaa, browser u-aaaaaaaaaaaaaaaa; to lift it: mirolive viewers unban x-aaaaaaaaaa',
      `Put out: ${one}`,
      'From the same address: 3 other viewers, who may stay',
      'By link l-aaaaaaaaaa he may come again, in another browser; to end it, for all who came by it: mirolive links revoke l-aaaaaaaaaa',
    ]);
  });

  it('bans says how to go on where there are none', async () => {
    await using desk = await openDesk({ listBans: () => [] });
    const { stdout } = await inProcess(['viewers', 'bans', '--socket', desk.socket]);
    expect(stdout).toMatch(/^No bans\. To ban somebody: mirolive viewers ban VIEWER /);
  });

  it.each([
    ['announce', ' '],
    ['announce', 'two\nlines'],
    ['announce', 'x'.repeat(501)],
    ['message', one, '\u001b[31mred'],
    ['kick', one, '--reason', 'a\u2028b'],
    ['ban', one, '--for', '100ms'],
    ['kick', 'v-short'],
  ])('%j %j is refused', async (...words) => {
    await using desk = await openDesk(answers);
    const { exitCode } = await inProcess(['viewers', ...words, '--socket', desk.socket]);
    expect(exitCode).not.toBe(0);
    expect(desk.asked).toEqual([]);
  });

  it.each(['0', '-1', 'many', '1.5'])('limit lobby %s is refused', async (number) => {
    expect((await inProcess(['viewers', 'limit', 'lobby', '--', number])).exitCode).toBe(2);
  });
});
