import { expect, test } from 'vitest';
import { eventually, openRoom, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';

const here = daemonAndBrowser({ plan: { maxKeyframeInterval: '2m' } });

/** So many pictures after the key frame the second viewer comes. */
const late = 15;
/** So many that the first of a crowd has when it comes, and each of the crowd when it has begun. */
const some = 5;
/** Pictures of two viewers of one broadcast may be so far apart, in ms, once the second has settled. */
const apartMs = 500;

/** Three pictures a second, so that whoever comes has a minute before the next key frame: fewer pictures than are kept. */
const sparse = {
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=3:duration=63'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=63'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...['-g', '189', '-keyint_min', '189', '-sc_threshold', '0', '-c:a', 'libopus', '-ac', '2'],
  ],
};

/** A key frame of a megabyte, which takes a fifth of a second to be given, and nothing behind it for a minute and a half: fewer pictures than are kept. */
const heavyPictures = 180;
const heavy = {
  args: [
    ...['-f', 'lavfi', '-i', 'color=gray:size=1280x720:rate=2:duration=90,noise=alls=90:all_seed=7'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
      '-pix_fmt',
      'yuv420p',
      '-qp',
      '22',
    ],
    ...['-g', `${heavyPictures}`, '-keyint_min', `${heavyPictures}`, '-sc_threshold', '0'],
  ],
};

test('a viewer of a copied picture begins with the last key frame and all since, and is where the others are', async () => {
  const { desk } = here.server.daemon;
  const url = `${here.server.url}/sparse`;
  const first = await openRoom(here.browser, url);
  const path = await makeMedia('sparse.mp4', sparse);
  await desk.start({ room: 'sparse', source: { kind: 'file', path, loop: true, audioTrack: null } });
  await eventually(
    () => received(first),
    ({ video }) => (video?.framesDecoded ?? 0) > late,
  );
  const second = await openRoom(here.browser, url);
  await eventually(
    () => received(second),
    ({ video }) => (video?.framesDecoded ?? 0) > late,
  );
  const [before, after] = await Promise.all([received(first), received(second)]);
  for (const { video } of [before, after]) expectNoMoreThanAsked(video?.keyFramesDecoded, video?.plis);
  await eventually(
    async () => await Promise.all([received(first), received(second)]),
    ([one, other]) => Math.abs((one.video?.playoutMs ?? 0) - (other.video?.playoutMs ?? 0)) < apartMs,
  );
});

test('of a crowd that comes at once each has its turn, long before the next key frame', async () => {
  const { desk } = here.server.daemon;
  const first = await openRoom(here.browser, `${here.server.url}/crowd`);
  const path = await makeMedia('heavy.mp4', heavy);
  await desk.start({ room: 'crowd', source: { kind: 'file', path, loop: true, audioTrack: null } });
  await eventually(
    () => received(first),
    ({ video }) => (video?.framesDecoded ?? 0) > some,
  );
  // More than are opened at a time.
  const crowd = await openRoom(here.browser, `${here.server.url}/nobody`);
  await crowd.evaluate(beginMany, { whep: `${here.server.url}/whep/crowd`, count: 12 });
  const begun = await eventually(
    () => crowd.evaluate(receivedByAll),
    (all) => all.every(({ framesDecoded }) => framesDecoded > some),
  );
  expect(begun).toHaveLength(12);
  for (const { keyFramesDecoded, pliCount } of begun) expectNoMoreThanAsked(keyFramesDecoded, pliCount);
  expect((await received(first)).video?.framesDecoded).toBeLessThan(heavyPictures);
});

/** Whoever has no time to decode asks again; nobody is given what he did not ask for. */
function expectNoMoreThanAsked(keyFrames = 0, asked = 0): void {
  expect(keyFrames).toBeGreaterThan(0);
  expect(keyFrames).toBeLessThanOrEqual(1 + asked);
}

/** In the page: begins so many players at once; their connections are kept. */
async function beginMany({ whep, count }: { whep: string; count: number }): Promise<void> {
  const begin = async (): Promise<void> => {
    const connection = new RTCPeerConnection();
    connection.addTransceiver('video', { direction: 'recvonly' });
    await connection.setLocalDescription();
    const answer = await fetch(whep, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: connection.localDescription?.sdp ?? '',
    });
    await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  };
  await Promise.all(Array.from({ length: count }, begin));
}

interface Begun {
  readonly state: RTCPeerConnectionState;
  readonly framesDecoded: number;
  readonly keyFramesDecoded: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly nackCount: number;
  readonly pliCount: number;
}

/** In the page: how each of its players is, and what it has received. */
async function receivedByAll(): Promise<Begun[]> {
  const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
  // The page itself waits for a room, and has no remote end.
  const players = keptConnections.filter(({ remoteDescription }) => remoteDescription);
  return await Promise.all(
    players.map(async (player) => {
      const picture = [...(await player.getStats()).values()].find(
        ({ type, trackIdentifier }) => type === 'inbound-rtp' && trackIdentifier !== 'probator',
      );
      const { framesDecoded = 0, keyFramesDecoded = 0, packetsReceived = 0 } = picture ?? {};
      const { packetsLost = 0, nackCount = 0, pliCount = 0 } = picture ?? {};
      const figures = { framesDecoded, keyFramesDecoded, packetsReceived, packetsLost, nackCount, pliCount };
      return { state: player.connectionState, ...figures };
    }),
  );
}
