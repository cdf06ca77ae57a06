import { type MediaDescription, parse } from 'sdp-transform';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../../../src/contract/events.ts';
import type { Viewer } from '../../../../src/contract/models.ts';
import { startDaemon, type TestDaemon } from '../../../helpers/daemon.ts';
import { makeMedia, sample } from '../../../helpers/media/sample-files.ts';
import { realOffers } from '../../sfu/offers/real-offers.ts';

const { chromium, firefox, aiortc, pion, gstreamer } = realOffers;

let daemon: TestDaemon;
let neverConnected: { readonly viewer: string; readonly postedMs: number };
const left = new Map<string, number>();

beforeAll(async () => {
  daemon = await startDaemon({
    limits: { joinsPerSecond: 1000 },
    // Where the machine has cores to spare, there would be a codec for everybody.
    plan: { compatible: 'off' },
  });
  daemon.daemon.hub.listen((event) => {
    if (event.type === 'viewer.left') left.set(event.id, performance.now());
  });
  const silent = await makeMedia('silent.mp4', {
    args: ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30:d=4', '-c:v', 'libx264', '-bf', '0', '-g', '30'],
  });
  await Promise.all([
    onAir('talk', await sample('talk.mp4')),
    onAir('vp9', await sample('vp9-opus.webm')),
    onAir('silent', silent),
  ]);
  const joined = nextEvent('viewer.joined', 'talk');
  const postedMs = performance.now();
  await post(pion);
  neverConnected = { viewer: (await joined).viewer.id, postedMs };
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
});

describe('an answer', () => {
  test.each([
    { name: 'Chromium', sdp: chromium, room: 'talk', payloads: ['102 103', '111'] },
    { name: 'Chromium, VP9', sdp: chromium, room: 'vp9', payloads: ['98', '111'] },
    { name: 'Chromium, filled with silence', sdp: chromium, room: 'silent', payloads: ['102 103', '111'] },
    { name: 'pion', sdp: pion, room: 'talk', payloads: ['111', '102'] },
    { name: 'aiortc, of another Router', sdp: aiortc, room: 'talk', payloads: ['101', '96'] },
    { name: 'GStreamer, of another Router', sdp: gstreamer, room: 'talk', payloads: ['97', '98'] },
    { name: 'Firefox, of another Router', sdp: firefox, room: 'vp9', payloads: ['121', '109'] },
  ])('has the payload types of $name', async ({ sdp, room, payloads }) => {
    const response = await post(sdp, room);
    expect(response.status).toBe(201);
    const answer = parse(await response.text());
    const offer = parse(sdp);
    expect(answer.media.map(({ type, mid }) => [type, mid])).toEqual(
      offer.media.map(({ type, mid }) => [type, mid]),
    );
    const taken = answer.media.map((media) => (media.port === 0 ? null : String(media.payloads)));
    expect(taken).toEqual(payloads);
    const accepted = answer.media.filter(({ port }) => port !== 0);
    expect(answer.groups?.map(({ mids }) => String(mids))).toEqual([
      accepted.map(({ mid }) => mid).join(' '),
    ]);
    for (const media of accepted) {
      expect(media).toMatchObject({ direction: 'sendonly', setup: 'passive', rtcpMux: 'rtcp-mux' });
      expect(media.candidates?.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
      expectOfOffer(media, offer.media[answer.media.indexOf(media)]);
    }
    await leave(response);
  });

  test('takes RTX where its payload type is the Router’s, and says which SSRC repairs which', async () => {
    const response = await post(chromium);
    const [video] = parse(await response.text()).media;
    const [media, rtx] = video?.ssrcs?.map(({ id }) => id) ?? [];
    expect(video?.ssrcGroups).toEqual([{ semantics: 'FID', ssrcs: `${media} ${rtx}` }]);
    expect(video?.fmtp.find(({ payload }) => payload === 103)?.config).toBe('apt=102');
    await leave(response);
  });

  test('takes header extensions that have the same number on both sides, without the time of sending', async () => {
    const uri = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
    const renumbered = firefox.replaceAll('extmap:5 ', 'extmap:17 ').replaceAll('extmap:7 ', 'extmap:5 ');
    const response = await post(renumbered, 'vp9');
    const [video, audio] = parse(await response.text()).media;
    expect(video?.ext).toEqual([{ value: 5, uri }]);
    expect(audio?.ext?.map(({ value }) => value) ?? []).toEqual([]);
    await leave(response);
  });

  test('is active where the client is passive', async () => {
    const response = await post(chromium.replaceAll('a=setup:actpass', 'a=setup:passive'));
    expect(parse(await response.text()).media.map(({ setup }) => setup)).toEqual(['active', 'active']);
    await leave(response);
  });

  test('refuses further m-lines and keeps their places', async () => {
    const more = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\n';
    const response = await post(`${chromium}${more}`);
    const { media, groups } = parse(await response.text());
    expect(media.map(({ type, port }) => [type, port])).toEqual([
      ['video', 9],
      ['audio', 9],
      ['application', 0],
    ]);
    expect(groups?.[0]?.mids).toBe('0 1');
    await leave(response);
  });
});

describe('a request', () => {
  test.each([
    { name: 'an idle room', room: 'idle', status: 404, code: 'ROOM_IDLE', retryAfter: '2' },
    { name: 'a name that is none', room: 'No_Room', status: 404, code: 'ROOM_NOT_FOUND', retryAfter: null },
  ])('to $name is answered $status', async ({ room, status, code, retryAfter }) => {
    const response = await post(chromium, room);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await errorOf(response)).toMatchObject({ code });
  });

  test.each([
    { name: 'another content type', init: { headers: { 'content-type': 'application/json' } }, status: 415 },
    { name: 'no content type', init: { body: null, headers: {} }, status: 415 },
    { name: 'no SDP', init: { body: 'hello' }, status: 400 },
    { name: 'more than 64 KiB', init: { body: `v=0\r\n${'a=x\r\n'.repeat(20_000)}` }, status: 413 },
    { name: 'no codec in common', init: { body: firefox }, status: 406 },
    { name: 'GET', init: { method: 'GET', body: null }, status: 405 },
  ])('with $name is answered $status', async ({ init, status }) => {
    const headers = { 'content-type': 'application/sdp' };
    const response = await fetch(`${daemon.url}/whep/talk`, {
      method: 'POST',
      headers,
      body: chromium,
      ...init,
    });
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatchObject({
      code: expect.stringMatching(/INVALID_REQUEST|OFFER_NOT_PLAYABLE/),
      message: expect.stringMatching(/\w{6}/),
      hint: expect.any(String),
    });
  });

  test('from any origin is allowed to post, and to read what it needs', async () => {
    const preflight = await fetch(`${daemon.url}/whep/talk`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'OPTIONS, POST',
      'access-control-allow-headers': 'Content-Type, If-Match, Authorization',
      'access-control-expose-headers': 'Location, ETag, Link, Retry-After, WWW-Authenticate',
      'accept-post': 'application/sdp',
    });
  });

  test('beyond the limit of an address is answered 429', async () => {
    await using small = await startDaemon({ limits: { joinsPerSecond: 1 } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(chromium, 'talk', small.url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([404, 404, 404, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('2');
    expect(refused && (await errorOf(refused))).toMatchObject({ code: 'LIMIT_REACHED' });
  });

  test('of whatever kind leaves the daemon in health', async () => {
    const lines = chromium.split('\r\n');
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
    expect(daemon.daemon.desk.findRoom('talk')?.broadcast?.live).toBe(true);
    expect(daemon.daemon.pool.slots.map(({ worker }) => worker.closed)).toEqual([false]);
  });
});

describe('a resource', () => {
  test('is a viewer of its room until it is deleted', async () => {
    const joined = nextEvent('viewer.joined', 'talk');
    const response = await post(chromium);
    const { viewer } = await joined;
    expect(viewer).toMatchObject({ room: 'talk', kind: 'whep', state: 'connecting', address: '127.0.0.1' });
    expect(viewers('talk').map(({ id }) => id)).toContain(viewer.id);
    expect((await leave(response)).status).toBe(200);
    expect(left.has(viewer.id)).toBe(true);
    expect(viewers('talk').map(({ id }) => id)).not.toContain(viewer.id);
    const again = await leave(response);
    expect(again.status).toBe(404);
    expect(await errorOf(again)).toMatchObject({ code: 'VIEWER_NOT_FOUND' });
  });

  test('of a player that asks for sound alone is a viewer without picture', async () => {
    const joined = nextEvent('viewer.joined', 'talk');
    const response = await post(chromium.replace('m=video 9', 'm=video 0'));
    const { viewer } = await joined;
    expect(viewers('talk')).toContainEqual(expect.objectContaining({ id: viewer.id, picture: false }));
    await leave(response);
  });

  test('takes a candidate, and restarts ICE for new credentials', async () => {
    const response = await post(chromium);
    const etag = response.headers.get('etag') ?? '';
    const candidate = 'a=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 5000 typ host\r\n';
    const restart = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
    expect((await patch(response, candidate, etag)).status).toBe(204);
    expect((await patch(response, candidate, '"other"')).status).toBe(412);
    expect((await patch(response, candidate, null)).status).toBe(204);
    const own = /a=ice-ufrag:.*\r\na=ice-pwd:.*\r\n/.exec(chromium)?.[0] ?? '';
    expect((await patch(response, `${own}${candidate}`, null)).status).toBe(204);
    expect((await patch(response, restart, null)).status).toBe(428);
    expect((await patch(response, 'a=ice-ufrag:abcd\r\n', '*')).status).toBe(400);
    expect((await patch(response, candidate, etag, 'text/plain')).status).toBe(415);
    const restarted = await patch(response, restart, '*');
    expect(restarted.status).toBe(200);
    expect(restarted.headers.get('content-type')).toContain('application/trickle-ice-sdpfrag');
    expect(restarted.headers.get('etag')).not.toBe(etag);
    expect(await restarted.text()).toMatch(/a=ice-ufrag:\w{20,}\r\na=ice-pwd:\w{20,}\r\na=candidate:.* udp /);
    expect((await patch(response, restart, '*')).status).toBe(204);
    await leave(response);
  });

  test.each(['ended', 'interrupted'] as const)('ends where the broadcast is %s', async (reason) => {
    const { desk } = daemon.daemon;
    const { id, room } = await onAir(`brief-${reason}`, await sample('talk.mp4'));
    const response = await post(aiortc, room);
    expect(response.status).toBe(201);
    const gone = nextEvent('viewer.left', room);
    if (reason === 'ended') await desk.end(id);
    else desk.findRoom(room)?.emit('offline', 'interrupted');
    await gone;
    expect(viewers(room)).toEqual([]);
    expect((await leave(response)).status).toBe(404);
    if (reason === 'interrupted') await desk.end(id);
  });

  test('of uncommon payload types shares a Router that closes with the last of them', async () => {
    const room = daemon.daemon.desk.findRoom('talk');
    const routers = async () =>
      (await (await room?.media())?.slot.worker.dump())?.routerIds.length ?? Number.NaN;
    const before = await routers();
    const responses = await Promise.all([post(aiortc), post(aiortc), post(aiortc)]);
    expect(await routers()).toBe(before + 1);
    for (const response of responses) await leave(response);
    await expect.poll(routers).toBe(before);
  });

  test('of a ninth set of payload types is answered 429', async () => {
    const responses: Response[] = [];
    for (let number = 0; number < 9; number++) {
      const sdp = gstreamer
        .replace('SAVPF 98', `SAVPF ${113 + number}`)
        .replaceAll(':98 ', `:${113 + number} `);
      responses.push(await post(sdp));
    }
    expect(responses.map(({ status }) => status)).toEqual([...Array(8).fill(201), 429]);
    for (const response of responses.slice(0, 8)) await leave(response);
  });

  test('ends after 32 s where the client does not connect', async () => {
    const { viewer, postedMs } = neverConnected;
    await expect.poll(() => left.get(viewer)).toBeDefined();
    // Later on a busy machine.
    expect((left.get(viewer) ?? 0) - postedMs).toBeGreaterThan(31_500);
  });
});

test('ViewerServer ends the sessions when the daemon ends', async () => {
  const other = await startDaemon();
  const left = new Promise((resolve) => {
    other.daemon.hub.listen((event) => event.type === 'viewer.left' && resolve(event.room));
  });
  await onAir('talk', await sample('talk.mp4'), other);
  expect((await post(chromium, 'talk', other.url)).status).toBe(201);
  await other[Symbol.asyncDispose]();
  expect(await left).toBe('talk');
});

/** What is answered must have been offered, number by number. */
function expectOfOffer(media: MediaDescription, offered: MediaDescription | undefined): void {
  for (const { payload, codec } of media.rtp) {
    const same = offered?.rtp.find((entry) => entry.payload === payload);
    expect(same?.codec.toLowerCase()).toBe(codec.toLowerCase());
  }
  for (const { value, uri } of media.ext ?? []) {
    expect(offered?.ext).toContainEqual(expect.objectContaining({ value, uri }));
  }
  for (const feedback of media.rtcpFb ?? []) {
    expect(offered?.rtcpFb).toContainEqual(expect.objectContaining(feedback));
  }
}

function onAir(room: string, path: string, { daemon: { desk } } = daemon) {
  return desk.start({ room, source: { kind: 'file', path, loop: true, audioTrack: null } });
}

function viewers(room: string): readonly Viewer[] {
  return daemon.daemon.desk.findRoom(room)?.viewers ?? [];
}

function post(body: string, room = 'talk', url = daemon.url): Promise<Response> {
  return fetch(`${url}/whep/${room}`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp' },
    body,
  });
}

function leave(response: Response): Promise<Response> {
  return fetch(new URL(response.headers.get('location') ?? '', daemon.url), { method: 'DELETE' });
}

function patch(
  response: Response,
  body: string,
  ifMatch: string | null,
  type = 'application/trickle-ice-sdpfrag',
): Promise<Response> {
  const headers = { 'content-type': type, ...(ifMatch !== null && { 'if-match': ifMatch }) };
  return fetch(new URL(response.headers.get('location') ?? '', daemon.url), {
    method: 'PATCH',
    headers,
    body,
  });
}

async function errorOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { error: unknown }).error;
}

function nextEvent<T extends 'viewer.joined' | 'viewer.left'>(
  type: T,
  room: string,
): Promise<Extract<Event, { type: T }>> {
  return new Promise((resolve) => {
    const end = daemon.daemon.hub.listen((event) => {
      if (event.type !== type || event.room !== room) return;
      end();
      resolve(event as Extract<Event, { type: T }>);
    });
  });
}
