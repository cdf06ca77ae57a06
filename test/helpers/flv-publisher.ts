import { execa } from 'execa';
import { amf, connectMessage, handshake, message, messages, publishMessage, RawRtmp } from './raw-rtmp.ts';

/** A message of RTMP as FLV has it. */
export interface FlvTag {
  readonly kind: 'video' | 'audio' | 'data';
  readonly timeMs: number;
  /** The codec's own header, which stands before all of its track. */
  readonly header: boolean;
  readonly key: boolean;
  readonly body: Buffer;
}

const kinds: Readonly<Record<number, FlvTag['kind']>> = { 8: 'audio', 9: 'video', 18: 'data' };
/** The chunks that are sent; pictures of a test are smaller. */
const chunkBytes = 60_000;
const largeChunks = message(messages.chunkSize, Buffer.from([0, 0, chunkBytes >> 8, chunkBytes & 0xff]), {
  stream: 0,
});

/** What an encoder sends of a test picture and a tone; `fromMs` is its time at its beginning. */
export async function flvTags(
  seconds: number,
  gop = 25,
  {
    size = '320x180',
    fromMs = 0,
    x264 = [],
  }: { readonly size?: string; readonly fromMs?: number; readonly x264?: readonly string[] } = {},
): Promise<readonly FlvTag[]> {
  const { stdout } = await execa(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=25`],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', `${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', `${gop}`, '-bf', '0'],
      ...x264,
      ...['-c:a', 'aac', '-b:a', '64k', '-f', 'flv', 'pipe:1'],
    ],
    { encoding: 'buffer' },
  );
  return [...tagsOf(Buffer.from(stdout))].map((tag) => ({ ...tag, timeMs: tag.timeMs + fromMs }));
}

function* tagsOf(flv: Buffer): Generator<FlvTag> {
  for (let at = 13; at + 11 < flv.length; ) {
    const bytes = flv.readUIntBE(at + 1, 3);
    const body = flv.subarray(at + 11, at + 11 + bytes);
    const kind = kinds[flv[at] ?? 0] ?? 'data';
    const timeMs = flv.readUIntBE(at + 4, 3);
    const header = kind !== 'data' && body[1] === 0;
    yield { kind, timeMs, header, key: kind === 'video' && (body[0] ?? 0) >> 4 === 1, body };
    at += 11 + bytes + 4;
  }
}

/** Publishes tags when they are due, and then hangs up; the first ones at once. */
export async function publishTags(
  { port, room, secret }: { readonly port: number; readonly room: string; readonly secret: string },
  tags: Iterable<FlvTag>,
): Promise<AsyncDisposable> {
  const client = await RawRtmp.connect(port);
  client.send(handshake, connectMessage(room), largeChunks, publishMessage(secret));
  await client.got('NetStream.Publish.Start');
  const left = [...tags];
  const fromMs = performance.now();
  const send = () => {
    const dueMs = performance.now() - fromMs;
    while (left[0] && left[0].timeMs <= dueMs) client.send(messageOf(left.shift() as FlvTag));
    if (left.length === 0) client.socket.end();
  };
  const timer = setInterval(send, 10);
  send();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      client.socket.destroy();
      await client.closed();
    },
  };
}

function messageOf({ kind, timeMs, body }: FlvTag): Buffer {
  const chunkStream = { audio: 4, video: 6, data: 5 }[kind];
  const whole = kind === 'data' ? Buffer.concat([amf('@setDataFrame'), body]) : body;
  return message(messages[kind], whole, { chunkStream, timeMs, chunkBytes });
}
