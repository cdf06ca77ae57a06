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

/** Five pictures a second, so that whoever comes has half a minute before the next key frame. */
const sparse = {
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=5:duration=38'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=38'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...['-g', '190', '-keyint_min', '190', '-sc_threshold', '0', '-c:a', 'libopus', '-ac', '2'],
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
  expect(before.video).toMatchObject({ keyFramesDecoded: 1 });
  expect(after.video).toMatchObject({ keyFramesDecoded: 1 });
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
  const whep = `${here.server.url}/whep/crowd`;
  const begun = await crowd.evaluate(beginMany, { whep, count: 12, some });
  expect(begun).toEqual(new Array(12).fill(1));
  expect((await received(first)).video?.framesDecoded).toBeLessThan(heavyPictures);
});

interface Crowd {
  readonly whep: string;
  readonly count: number;
  readonly some: number;
}

/** In the page: so many players at once; gives of each the key frames that it had when it had several pictures. */
async function beginMany({ whep, count, some }: Crowd): Promise<number[]> {
  const keyFramesOf = async (): Promise<number> => {
    const connection = new RTCPeerConnection();
    const { receiver } = connection.addTransceiver('video', { direction: 'recvonly' });
    await connection.setLocalDescription();
    const answer = await fetch(whep, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: connection.localDescription?.sdp ?? '',
    });
    await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    for (;;) {
      const report = await receiver.getStats();
      for (const { type, framesDecoded = 0, keyFramesDecoded } of report.values())
        if (type === 'inbound-rtp' && framesDecoded > some) return keyFramesDecoded;
      await new Promise(requestAnimationFrame);
    }
  };
  return await Promise.all(Array.from({ length: count }, keyFramesOf));
}
