import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { type FlvTag, flvTags, publishTags } from '../../helpers/flv-publisher.ts';
import { amf, message, messages } from '../../helpers/raw-rtmp.ts';
import { openServer, rawPublisher } from './open-server.ts';

/** A tag as enhanced RTMP has it. */
function enhanced({ body, ...tag }: FlvTag): FlvTag {
  const first = body[0] ?? 0;
  const type = body[1] ?? 0;
  if (tag.kind === 'data') return { ...tag, body };
  const isVideo = tag.kind === 'video';
  const head = Buffer.from([(isVideo ? 0x80 | (first & 0xf0) : 0x90) | type]);
  const name = Buffer.from(isVideo ? 'avc1' : 'mp4a');
  // A header has no delay there.
  const rest = body.subarray(isVideo && type === 0 ? 5 : 2);
  return { ...tag, body: Buffer.concat([head, name, rest]) };
}

describe('Enhanced RTMP', () => {
  it('is taken with H.264 and AAC', async () => {
    await using opened = await openServer();
    const tags = await flvTags(3);
    const to = { port: opened.server.port, room: 'lobby', secret: 'key1' };
    await using _publisher = await publishTags(to, tags.map(enhanced));
    const [{ pullUrl }] = await opened.published.next();
    const args = ['-v', 'error', '-show_entries', 'stream=codec_name,width', '-of', 'csv=p=0', pullUrl];
    const { stdout, stderr } = await execa('ffprobe', args);
    expect([stdout.split('\n').sort(), stderr]).toEqual([['aac', 'h264,320'], '']);
  });

  it.each([
    {
      name: 'pictures in HEVC',
      sent: message(messages.video, Buffer.from('9068766331aabb', 'hex'), { chunkStream: 6 }),
      codec: 'HEVC',
    },
    {
      name: 'metadata that announce AV1',
      sent: message(messages.data, amf('@setDataFrame', 'onMetaData', { videocodecid: 0x61763031 }), {
        chunkStream: 5,
      }),
      codec: 'AV1',
    },
    {
      name: 'sound in Opus',
      sent: message(messages.audio, Buffer.from('904f707573aabb', 'hex'), { chunkStream: 4 }),
      codec: 'Opus',
    },
  ])('is refused with $name, and both are told', async ({ sent, codec }) => {
    await using opened = await openServer();
    const told: unknown[] = [];
    opened.server.on('otherCodec', (...what) => told.push(what));
    const client = await rawPublisher(opened.server.port, 'key1');
    await client.got('NetStream.Publish.Start');
    client.send(sent);
    await client.got(`Expected H.264 and AAC, got ${codec}: set the encoder to them.`);
    expect(await opened.unpublished.next()).toEqual(['p-1', 'codec']);
    expect(told).toEqual([['p-1', codec]]);
    await client.closed();
  });
});
