import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { parse } from 'sdp-transform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../../../src/cli/client.ts';
import { startDaemon, type TestDaemon } from '../../../helpers/daemon.ts';
import { newSecret } from '../../../helpers/stream-key.ts';
import { whipPeer } from '../../../helpers/whip-peer.ts';
import { sendingOffers } from '../../sfu/offers/real-offers.ts';

const { chromium, layers, aiortc, gstreamer, obs } = sendingOffers;

let daemon: TestDaemon;
let secret: string;
beforeAll(async () => {
  daemon = await startDaemon({
    limits: { joinsPerSecond: 1000 },
    rooms: { lobby: { onConflict: 'takeover', onPublish: 'standby' }, hall: { onPublish: 'standby' } },
  });
  secret = await newSecret(daemon, 'lobby');
});
afterAll(() => daemon?.[Symbol.asyncDispose]());
/** Rooms of the configuration stay, whoever has been there. */
const inUse = () => daemon.daemon.desk.rooms.filter((room) => !room.deserted).map(({ name }) => name);

describe('an answer', () => {
  test.each([
    { name: 'Chromium', sdp: chromium, payloads: ['108 109', '111'] },
    { name: 'Chromium with layers', sdp: layers, payloads: ['108 109', '111'] },
    { name: 'aiortc', sdp: aiortc, payloads: ['101 102', '96'] },
    { name: 'GStreamer, bundle-only', sdp: gstreamer, payloads: ['96', '97'] },
    { name: 'OBS, sound first', sdp: obs, payloads: ['111', '96'] },
  ])('takes what $name sends', async ({ sdp, payloads }) => {
    const response = await post(sdp);
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toContain('application/sdp');
    expect(response.headers.get('location')).toMatch(/^\/whip\/lobby\/[\da-f-]{36}$/);
    expect(response.headers.get('etag')).toMatch(/^"\w+"$/);
    const { media, groups, icelite } = parse(await response.text());
    expect(icelite).toBe('ice-lite');
    expect(media.map((section) => String(section.payloads))).toEqual(payloads);
    expect(groups?.map(({ mids }) => String(mids))).toEqual([media.map(({ mid }) => mid).join(' ')]);
    for (const section of media) {
      expect(section).toMatchObject({ direction: 'recvonly', setup: 'passive', rtcpMux: 'rtcp-mux' });
      expect(section.candidates?.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
    }
    await leave(response);
  });

  test('keeps the layers, bounds the bit rate, and asks for stereo', async () => {
    const response = await post(layers);
    const [video, audio] = parse(await response.text()).media;
    expect(video?.rids?.map(({ id, direction }) => [id, direction])).toEqual([
      ['q', 'recv'],
      ['h', 'recv'],
      ['f', 'recv'],
    ]);
    expect(video?.simulcast).toEqual({ dir1: 'recv', list1: 'q;h;f' });
    expect(video?.bandwidth).toEqual([{ type: 'AS', limit: 6000 }]);
    expect(audio?.fmtp[0]?.config).toContain('stereo=1');
    await leave(response);
  });

  test('leaves out the header extension of a turned picture, so that the publisher turns it', async () => {
    expect(chromium).toContain('urn:3gpp:video-orientation');
    const response = await post(chromium);
    expect(await response.text()).not.toContain('video-orientation');
    await leave(response);
  });

  test('is active where the publisher is passive', async () => {
    const response = await post(chromium.replaceAll('a=setup:actpass', 'a=setup:passive'));
    expect(parse(await response.text()).media.map(({ setup }) => setup)).toEqual(['active', 'active']);
    await leave(response);
  });
});

describe('a request', () => {
  const challenge = 'Bearer realm="mirolive"';
  const wrong = `${challenge}, error="invalid_token"`;
  test.each([
    { name: 'without a key', authorization: null, header: challenge },
    { name: 'of another scheme', authorization: 'Basic bWlybzpsaXZl', header: wrong },
    { name: 'with an empty key', authorization: 'Bearer ', header: wrong },
    { name: 'with a wrong key', authorization: 'Bearer mk_wrong', header: wrong },
  ])('$name is answered 401, and not why', async ({ authorization, header }) => {
    const response = await post(chromium, { authorization });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(header);
    expect(await errorOf(response)).toMatchObject({
      code: 'KEY_UNKNOWN',
      hint: expect.stringContaining('Ask'),
    });
  });

  test('with the key of another room is answered as one with a wrong key', async () => {
    const [other, unknown] = await Promise.all([
      post(chromium, { authorization: `Bearer ${await newSecret(daemon, 'hall')}` }),
      post(chromium, { authorization: 'Bearer mk_wrong' }),
    ]);
    expect(other.status).toBe(401);
    expect(await errorOf(other)).toEqual(await errorOf(unknown));
  });

  test.each([
    { name: 'another content type', init: { headers: { 'content-type': 'application/json' } }, status: 415 },
    { name: 'no SDP', init: { body: 'hello' }, status: 400 },
    {
      name: 'an offer to receive',
      init: { body: chromium.replaceAll('a=sendonly', 'a=recvonly') },
      status: 400,
    },
    { name: 'the same SSRC twice', init: { body: sameSsrc(chromium) }, status: 400 },
    { name: 'more than 64 KiB', init: { body: `v=0\r\n${'a=x\r\n'.repeat(20_000)}` }, status: 413 },
    { name: 'no codec that is taken', init: { body: obs.replace('H264/90000', 'H265/90000') }, status: 406 },
    { name: 'GET', init: { method: 'GET', body: null }, status: 405 },
  ])('with $name is answered $status', async ({ init, status }) => {
    const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${secret}`, ...init.headers };
    const response = await fetch(`${daemon.url}/whip/lobby`, {
      method: 'POST',
      body: chromium,
      ...init,
      headers,
    });
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatchObject({
      code: expect.stringMatching(/INVALID_REQUEST|CODEC_NOT_ACCEPTED/),
      message: expect.stringMatching(/\w{6}/),
      hint: expect.any(String),
    });
  });

  test('from any origin is allowed to post, and to read what it needs', async () => {
    const preflight = await fetch(`${daemon.url}/whip/lobby`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'OPTIONS, POST',
      'access-control-allow-headers': 'Content-Type, If-Match, Authorization',
      'access-control-expose-headers': expect.stringContaining('Location, ETag, Link'),
      'accept-post': 'application/sdp',
    });
  });

  test('beyond the limit of an address is answered 429', async () => {
    await using small = await startDaemon({ limits: { joinsPerSecond: 1 } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(chromium, { url: small.url })));
    expect(answers.map(({ status }) => status).sort()).toEqual([401, 401, 401, 429]);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('2');
  });

  test('of whatever kind leaves the daemon in health, and nothing behind', async () => {
    const lines = layers.split('\r\n');
    const damaged = lines.flatMap((line, index) => [
      lines.toSpliced(index, 1),
      lines.toSpliced(index, 1, line.replaceAll(/\d/g, '9')),
      lines.toSpliced(index, 1, `${line.slice(0, line.length / 2)}\u0000${'é'.repeat(300)}`),
    ]);
    for (const sdp of damaged) {
      const response = await post(sdp.join('\r\n'));
      expect([201, 400, 406]).toContain(response.status);
      if (response.status === 201) await leave(response);
    }
    expect(daemon.daemon.pool.slots.map(({ worker }) => worker.closed)).toEqual([false]);
    expect(inUse()).toEqual([]);
    expect(await transports()).toBe(0);
  });
});

describe('a second publisher', () => {
  test('with the same key is answered 409 once the first is connected, and told who is there', async () => {
    const held = await newSecret(daemon, 'hall');
    const url = `${daemon.url}/whip/hall`;
    await using never = await whipPeer(url, held);
    await using first = await whipPeer(url, held);
    expect([never.status, first.status]).toEqual([201, 201]);
    expect(daemon.daemon.publishers.list('hall')).toEqual([]);
    const published = once(daemon.daemon.publishers, 'published');
    await first.connect();
    await published;
    const second = await post(aiortc, { authorization: `Bearer ${held}`, room: 'hall' });
    expect(second.status).toBe(409);
    expect(await errorOf(second)).toMatchObject({
      code: 'PUBLISHER_CONFLICT',
      message: expect.stringMatching(/from 127\.0\.0\.1 by whip$/),
    });
  });

  test('takes over where the room wants that once it is connected, and not before', async () => {
    const { publishers } = daemon.daemon;
    const url = `${daemon.url}/whip/lobby`;
    await using first = await whipPeer(url, secret);
    const published = once(publishers, 'published');
    await first.connect();
    const [{ id }] = await published;
    expect((await post('v=0\r\n')).status).toBe(400);
    expect((await post(obs.replace('H264/90000', 'H265/90000'))).status).toBe(406);
    const never = await post(chromium);
    expect(never.status).toBe(201);
    expect(publishers.list('lobby').map((publisher) => publisher.id)).toEqual([id]);
    await using second = await whipPeer(url, secret);
    expect(publishers.list('lobby').map((publisher) => publisher.id)).toEqual([id]);
    const gone = once(publishers, 'gone');
    await second.connect();
    expect((await gone).slice(1)).toEqual(['takeover']);
    await expect.poll(() => publishers.list('lobby').length).toBe(1);
    expect(publishers.list('lobby')[0]?.id).not.toBe(id);
    await leave(never);
  });
});

describe('a resource', () => {
  test('holds its room and its transport until it is deleted', async () => {
    const response = await post(chromium);
    expect(daemon.daemon.desk.findRoom('lobby')).toBeDefined();
    expect(await transports()).toBe(1);
    expect((await leave(response)).status).toBe(200);
    expect(inUse()).toEqual([]);
    await expect.poll(transports).toBe(0);
    const again = await leave(response);
    expect(again.status).toBe(404);
    expect(await errorOf(again)).toMatchObject({ code: 'PUBLISHER_NOT_FOUND' });
  });

  test('takes a candidate, and restarts ICE for new credentials', async () => {
    const response = await post(chromium);
    const etag = response.headers.get('etag');
    const candidate = 'a=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 5000 typ host\r\n';
    const restart = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
    expect((await patch(response, candidate, etag)).status).toBe(204);
    expect((await patch(response, candidate, '"other"')).status).toBe(412);
    expect((await patch(response, candidate, null)).status).toBe(204);
    expect((await patch(response, restart, null)).status).toBe(428);
    expect((await patch(response, 'a=ice-ufrag:abcd\r\n', '*')).status).toBe(400);
    const restarted = await patch(response, restart, '*');
    expect(restarted.status).toBe(200);
    expect(restarted.headers.get('etag')).not.toBe(etag);
    expect(await restarted.text()).toMatch(/a=ice-ufrag:\w{20,}\r\na=ice-pwd:\w{20,}\r\na=candidate:.* udp /);
    await leave(response);
  });

  test('ends when its key is revoked', async () => {
    const { daemon: parts, socket } = daemon;
    const client = createClient(socket);
    const { key, secret } = await client.call('createKey', { room: 'brief', expiresMs: null });
    const response = await post(chromium, { authorization: `Bearer ${secret}`, room: 'brief' });
    expect(parts.desk.findRoom('brief')).toBeDefined();
    await client.call('revokeKey', { id: key.id });
    expect((await leave(response)).status).toBe(404);
    expect(parts.desk.findRoom('brief')).toBeUndefined();
  });

  test('ends after 15 s where the publisher does not connect', async () => {
    const postedMs = performance.now();
    const response = await post(chromium);
    await expect.poll(inUse).toEqual([]);
    // Later on a busy machine.
    expect(performance.now() - postedMs).toBeGreaterThan(14_500);
    expect((await leave(response)).status).toBe(404);
  });
});

test('whoever sends more frames than a source may give is ended with the reason, however small they are', async () => {
  const { publishers } = daemon.daemon;
  await using peer = await whipPeer(`${daemon.url}/whip/flood`, await newSecret(daemon, 'flood'));
  const ends: unknown[] = [];
  publishers.on('gone', ({ room }, reason) => ends.push(`${room} ${reason}`));
  await peer.connect();
  for (let number = 0; ends.length === 0 && number < 50_000; number++) {
    await peer.sendSound(opusPacket(number));
    await setImmediate();
  }
  expect(ends).toEqual(['flood tooMuch']);
});

/** As RTP, of 2.5 ms of silence (RFC 6716, 3.1). */
function opusPacket(number: number): Buffer {
  const packet = Buffer.alloc(14);
  packet.writeUInt16BE(0x80_60, 0);
  packet.writeUInt16BE(number % 2 ** 16, 2);
  packet.writeUInt32BE(number * 120, 4);
  packet.writeUInt16BE(0xe0_00, 12);
  return packet;
}

/** The offer with the picture's SSRC for the sound too. */
function sameSsrc(sdp: string): string {
  const { media } = parse(sdp);
  const [video, audio] = media.map(({ ssrcs }) => String(ssrcs?.[0]?.id));
  return sdp.replaceAll(`a=ssrc:${audio} `, `a=ssrc:${video} `);
}

/** WebRtcTransports on the one worker. */
async function transports(): Promise<number> {
  const [slot] = daemon.daemon.pool.slots;
  return (await slot?.server.dump())?.webRtcTransportIds.length ?? Number.NaN;
}

interface Posting {
  readonly authorization?: string | null;
  readonly room?: string;
  readonly url?: string;
}

function post(
  body: string,
  { authorization = `Bearer ${secret}`, room = 'lobby', url = daemon.url }: Posting = {},
): Promise<Response> {
  const headers = { 'content-type': 'application/sdp', ...(authorization !== null && { authorization }) };
  return fetch(`${url}/whip/${room}`, { method: 'POST', headers, body });
}

function leave(response: Response): Promise<Response> {
  return fetch(new URL(response.headers.get('location') ?? '', daemon.url), { method: 'DELETE' });
}

function patch(response: Response, body: string, ifMatch: string | null): Promise<Response> {
  const headers = {
    'content-type': 'application/trickle-ice-sdpfrag',
    ...(ifMatch !== null && { 'if-match': ifMatch }),
  };
  const resource = new URL(response.headers.get('location') ?? '', daemon.url);
  return fetch(resource, { method: 'PATCH', headers, body });
}

async function errorOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { error: unknown }).error;
}
