import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NewStreamKey, Publisher, StreamKey } from '../../../src/contract/publishing.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { openDesk } from '../desk.ts';
import { inProcess } from '../mirolive.ts';

const key: StreamKey = {
  id: 'k-aaaaaaaaaa',
  room: 'lobby',
  name: 'cam1',
  state: 'valid',
  createdAt: '2026-01-02T03:04:05.000Z',
  expiresAt: null,
  lastUsedAt: null,
};
const made: NewStreamKey = {
  key,
  secret: 'mlk_secret',
  addresses: {
    rtmp: 'rtmp://192.0.2.4:1935/lobby',
    rtmps: 'rtmps://192.0.2.4:1936/lobby',
    whip: 'http://192.0.2.4:8080/whip/lobby',
  },
};
const publisher: Publisher = {
  id: 'p-aaaaaaaaaa',
  room: 'lobby',
  key: 'cam1',
  protocol: 'rtmp',
  address: '192.0.2.9',
  state: 'live',
  since: new Date().toISOString(),
};

describe('mirolive keys', () => {
  it('create shows the secret with what to paste into OBS and WHIP encoders', async () => {
    await using desk = await openDesk({ createKey: () => made });
    const { stdout } = await inProcess(['keys', 'create', '--room', 'lobby', '--socket', desk.socket]);
    expect(stdout.split('\n')).toEqual([
      'Stream key cam1 of room lobby (k-aaaaaaaaaa), valid for ever. It is shown this once.',
      '',
      'OBS: Settings, Stream, Service: Custom…',
      '  Server      rtmp://192.0.2.4:1935/lobby',
      '  Stream Key  mlk_secret',
      '  encrypted   rtmps://192.0.2.4:1936/lobby',
      'and in Output: Keyframe Interval 1 s, B-frames 0, so that the picture need not be transcoded.',
      '',
      'ffmpeg and others',
      '  rtmp://192.0.2.4:1935/lobby/mlk_secret',
      '',
      'WHIP',
      '  Server        http://192.0.2.4:8080/whip/lobby',
      '  Bearer Token  mlk_secret',
    ]);
    expect(desk.asked).toEqual([{ name: 'createKey', input: { room: 'lobby', expiresMs: null } }]);
  });

  it('create names the addresses that there are', async () => {
    const addresses = { ...made.addresses, rtmp: null, rtmps: null };
    await using desk = await openDesk({ createKey: () => ({ ...made, addresses }) });
    const { stdout } = await inProcess(['keys', 'create', '--room', 'lobby', '--socket', desk.socket]);
    expect(stdout).toContain('WHIP');
    expect(stdout).not.toContain('OBS');
  });

  it('create passes name and time on, and gives the key as it is with --json', async () => {
    await using desk = await openDesk({ createKey: () => made });
    const args = ['--name', 'stage', '--expires', '8h', '--json', '--socket', desk.socket];
    const { stdout } = await inProcess(['keys', 'create', '--room', 'lobby', ...args]);
    expect(JSON.parse(stdout)).toEqual(made);
    expect(desk.asked[0]?.input).toEqual({ room: 'lobby', name: 'stage', expiresMs: 28_800_000 });
  });

  it.each([
    { args: ['create'], words: "required option '--room <room>' not specified" },
    {
      args: ['create', '--room', 'lobby', '--expires', '8'],
      words: "'--expires <time>' argument '8' is invalid. Expected a time such as 30m, 8h or 7d.",
    },
    {
      args: ['create', '--room', 'lobby', '--expires', '0s'],
      words: "'--expires <time>' argument '0s' is invalid. Expected a time from 1s to 3650d.",
    },
    { args: ['revoke'], words: "missing required argument 'key'" },
  ])('refuses $args', async ({ args, words }) => {
    const { stderr, exitCode } = await inProcess(['keys', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });

  it('list shows them as a table, or the way on', async () => {
    const past = new Date(Date.now() - 7_200_000).toISOString();
    const expired: StreamKey = { ...key, name: 'cam2', state: 'expired', expiresAt: past, lastUsedAt: past };
    await using desk = await openDesk({ listKeys: () => [key, expired] });
    const { stdout } = await inProcess(['keys', 'list', '--socket', desk.socket]);
    expect(stdout.split('\n')).toEqual([
      'ID            ROOM   NAME  STATE    EXPIRES  LAST USED',
      'k-aaaaaaaaaa  lobby  cam1  valid    never    never',
      'k-aaaaaaaaaa  lobby  cam2  expired  2 h ago  2 h ago',
    ]);
    await using none = await openDesk({ listKeys: () => [] });
    const args = ['keys', 'list', '--room', 'lobby', '--revoked', '--socket', none.socket];
    expect((await inProcess(args)).stdout).toBe(
      `No stream keys. Make one: mirolive keys create --room lobby --socket ${none.socket}`,
    );
    expect(none.asked[0]?.input).toEqual({ room: 'lobby', revoked: true });
  });

  it('revoke and rotate act on the key that is named', async () => {
    await using desk = await openDesk({
      listKeys: () => [key],
      ...{ revokeKey: () => key, rotateKey: () => made },
    });
    const revoked = await inProcess(['keys', 'revoke', key.id, '--socket', desk.socket]);
    expect(revoked.stdout).toBe('Revoked: stream key cam1 of room lobby (k-aaaaaaaaaa)');
    const args = ['keys', 'rotate', key.id, '--expires', '30m', '--socket', desk.socket];
    expect((await inProcess(args)).stdout).toContain('Stream Key  mlk_secret');
    expect(desk.asked.filter(({ name }) => name !== 'listKeys')).toEqual([
      { name: 'revokeKey', input: { id: key.id } },
      { name: 'rotateKey', input: { id: key.id, expiresMs: 1_800_000 } },
    ]);
  });

  const hall: StreamKey = { ...key, id: 'k-bbbbbbbbbb', room: 'hall' };
  it.each([
    { keys: [key, { ...hall, name: 'cam2' }], flags: [], asked: key.id },
    { keys: [key, { ...hall, state: 'revoked' as const }], flags: [], asked: key.id },
    { keys: [hall], flags: ['--room', 'hall'], asked: hall.id },
  ])('take the name of a key that is the only one of it: $flags', async ({ keys, flags, asked }) => {
    await using desk = await openDesk({ listKeys: () => keys, revokeKey: () => key, rotateKey: () => made });
    for (const verb of ['revoke', 'rotate'])
      await inProcess(['keys', verb, 'cam1', ...flags, '--socket', desk.socket]);
    const [room] = flags.slice(1);
    const listed = { name: 'listKeys', input: { ...(room && { room }), revoked: true } };
    expect(desk.asked).toEqual([
      listed,
      { name: 'revokeKey', input: { id: asked } },
      listed,
      { name: 'rotateKey', input: { id: asked } },
    ]);
  });

  it.each([
    {
      keys: [key, hall],
      said: 'error: expected the id of a key, since several are called cam1: k-aaaaaaaaaa (room lobby), k-bbbbbbbbbb (room hall)',
      exitCode: 2,
    },
    { keys: [], said: 'error: there is no stream key cam1\n', exitCode: 4 },
  ])('say which there are of a name: $said', async ({ keys, said, exitCode }) => {
    await using desk = await openDesk({ listKeys: () => keys });
    const revoked = await inProcess(['keys', 'revoke', 'cam1', '--socket', desk.socket]);
    expect(revoked.stderr).toContain(said);
    expect(revoked.exitCode).toBe(exitCode);
    expect(desk.asked).toHaveLength(1);
  });

  it('leave a key alone that is of another room than is said', async () => {
    await using desk = await openDesk({
      listKeys: ({ room }) => [key, hall].filter((one) => one.room === room),
      ...{ revokeKey: () => key, rotateKey: () => made },
    });
    for (const verb of ['revoke', 'rotate'])
      expect(
        await inProcess(['keys', verb, key.id, '--room', 'hall', '--socket', desk.socket]),
      ).toMatchObject({
        stderr: expect.stringContaining(`error: there is no stream key ${key.id} in room hall`),
        exitCode: 4,
      });
    expect(desk.asked.map(({ name }) => name)).toEqual(['listKeys', 'listKeys']);
  });

  it('take a name for one, whatever it looks like', async () => {
    const odd: StreamKey = { ...key, name: 'k-cccccccccc' };
    await using desk = await openDesk({ listKeys: () => [odd], revokeKey: () => odd });
    await inProcess(['keys', 'revoke', odd.name, '--socket', desk.socket]);
    expect(desk.asked.at(-1)).toEqual({ name: 'revokeKey', input: { id: key.id } });
  });

  it('create warns of a room that is near one of the configuration', async () => {
    await using desk = await openDesk({ createKey: () => made });
    await using folder = await temporaryFolder();
    const config = join(folder.path, 'mirolive.yaml');
    await writeFile(config, 'rooms:\n  webinar:\n');
    const create = async (room: string) =>
      inProcess(['keys', 'create', '--room', room, '--config', config, '--socket', desk.socket]);
    expect(await create('webnar')).toMatchObject({
      stderr: 'warning: webnar is a new room; did you mean webinar?',
      exitCode: 0,
    });
    for (const room of ['webinar', 'lobby']) expect((await create(room)).stderr).toBe('');
  });
});

describe('mirolive publishers', () => {
  it('shows who publishes, or the way on', async () => {
    const listPublishers = () => [
      { ...publisher, standby: false },
      { ...publisher, key: 'cam2', standby: true },
    ];
    await using desk = await openDesk({ listPublishers });
    const { stdout } = await inProcess(['publishers', '--socket', desk.socket]);
    expect(stdout.split('\n')).toEqual([
      'ID            ROOM   KEY   BY    STATE    SINCE  ADDRESS',
      expect.stringMatching(/^p-aaaaaaaaaa {2}lobby {2}cam1 {2}rtmp {2}live {5}\d s {4}192\.0\.2\.9$/),
      expect.stringMatching(/^p-aaaaaaaaaa {2}lobby {2}cam2 {2}rtmp {2}standby {2}\d s {4}192\.0\.2\.9$/),
      `standby  cam2 publishes into lobby, and is not on air: mirolive take cam2 --room lobby --socket ${desk.socket}`,
    ]);
    await using none = await openDesk({ listPublishers: () => [] });
    expect((await inProcess(['publishers', '--room', 'lobby', '--socket', none.socket])).stdout).toBe(
      `No publishers. Make a stream key for one: mirolive keys create --room lobby --socket ${none.socket}`,
    );
  });
});
