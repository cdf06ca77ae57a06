import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { NutReader } from '../../src/ingest/media/nut/nut-reader.ts';
import { packetizerFor } from '../../src/ingest/media/rtp/packetizer.ts';
import { RtpStream } from '../../src/ingest/media/rtp/rtp-stream.ts';
import { Feed } from '../../src/ingest/process/splicer/feed.ts';
import { keptSounds } from '../../src/ingest/process/splicer/rtp-sink.ts';
import { Splicer } from '../../src/ingest/process/splicer/splicer.ts';
import type { Placed } from '../../src/ingest/process/splicer/timeline.ts';
import { opus, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { RecordingSink } from '../helpers/recording-sink.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

const seconds = 26;
const maxBytes = 4_000_000;

/** As a pipe gives it: each piece in memory of its own. */
function* piecesOf(bytes: Buffer): Generator<Buffer, never> {
  for (let at = 0; at < bytes.length; at += 65_536) {
    const piece = Buffer.allocUnsafeSlow(Math.min(65_536, bytes.length - at));
    bytes.copy(piece, 0, at);
    yield piece;
  }
  throw new Error('expected more media than was read');
}

/** Bytes of all memory that these are views of. */
function heldBy(views: readonly Buffer[]): number {
  return [...new Set(views.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

test('a copied source of 2 Mbit/s holds at most 4 MB', async () => {
  const source = `testsrc2=size=640x360:rate=30:duration=${seconds},noise=alls=40:allf=t`;
  const coded = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '30',
    '-bf',
    '0',
    '-b:v',
    '2M',
    '-maxrate',
    '2M',
  ];
  const args = [
    '-f',
    'lavfi',
    '-i',
    source,
    ...tone(440, seconds),
    ...coded,
    '-bufsize',
    '1M',
    ...opus,
    '-f',
    'nut',
  ];
  const path = await makeMedia('two-megabits.nut', { args });
  const bytes = await readFile(path);
  expect(bytes.length * 8).toBeGreaterThan(1_700_000 * seconds);

  const identity = { payloadType: 101, clockRate: 90_000, extensionId: 1, ssrc: 1 };
  const streams = {
    video: new RtpStream(identity, packetizerFor('h264')),
    audio: new RtpStream({ ...identity, clockRate: 48_000 }, packetizerFor('opus'), { kept: keptSounds }),
  };
  const sink = Object.assign(new RecordingSink(), {
    send: ({ frame: { kind, data, key }, timeUs }: Placed) =>
      streams[kind].packets(data, { key, timeUs, marker: kind === 'video' }),
  });
  const clock = new VirtualClock();
  await using splicer = await Splicer.create({
    ...{ video: null, audio: null, clock, openSink: async () => sink },
    ...{ onFinished: () => {}, onBegun: () => {}, onKeyFrameWanted: () => {} },
  });
  const reader = new NutReader();
  const pieces = piecesOf(bytes);
  const feed: Feed = new Feed(['video', 'audio'], { onRoom: () => read() });
  let reading = true;
  const read = () => {
    while (reading && !feed.full) for (const frame of reader.push(pieces.next().value)) feed.push(frame);
  };
  read();
  splicer.cut(feed);
  // What is kept of the sound reaches back the furthest.
  await clock.pass((seconds - 4) * 1000);
  expect(feed.full).toBe(true);

  const sent = Object.values(streams).flatMap((stream) =>
    Array.from({ length: 2 ** 16 }, (_, sequence) => stream.sent(sequence) ?? []).flat(),
  );
  expect(sent.length).toBeGreaterThan(250);
  reading = false;
  const waiting: Buffer[] = [];
  for (let frame = feed.shift(); frame; frame = feed.shift()) waiting.push(frame.data);
  expect(heldBy([...sent, ...waiting])).toBeLessThan(maxBytes);
});
