import { once } from 'node:events';
import type { WhipMedia } from '../../../../src/daemon/publishers/publication-media.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { RtpReceiver } from '../../../../src/ingest/media/rtp-in/rtp-receiver.ts';
import { startDaemon } from '../../../helpers/daemon.ts';
import { newSecret } from '../../../helpers/stream-key.ts';

/** A frame, and when it came, in µs on the receiver's clock. */
export type ComingFrame = MediaFrame & { readonly atUs: number };

/** A daemon whose rooms wait for an operator, so that what is published can be played by a test. */
export async function startStandby() {
  const daemon = await startDaemon({ rooms: { lobby: { onPublish: 'standby' } } });
  const secret = await newSecret(daemon, 'lobby');
  const { publishers } = daemon.daemon;
  return {
    daemon,
    secret,
    address: `${daemon.url}/whip/lobby`,
    /** The next one; to be asked for before it can come, as `gone`. */
    published: async (): Promise<WhipMedia> => {
      const [, media] = await once(publishers, 'published');
      return media as WhipMedia;
    },
    gone: async (): Promise<string> => (await once(publishers, 'gone'))[1],
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}

/** Nothing that these tests send may. */
function fails(error: unknown): never {
  throw error;
}

/** Plays what somebody publishes, as the ingest thread does. */
export async function play(media: WhipMedia) {
  const route = await media.route();
  const frames: ComingFrame[] = [];
  const startedMs = performance.now();
  const receiver = await RtpReceiver.create({
    ...route,
    onFrames: (some) => {
      const atUs = (performance.now() - startedMs) * 1000;
      frames.push(...some.map((frame) => ({ ...frame, atUs })));
    },
    onFailed: fails,
  });
  await route.connect(receiver.port);
  const pictures = (layer = 0) => frames.filter((frame) => frame.kind === 'video' && frame.layer === layer);
  return {
    receiver,
    route,
    pictures,
    keyFrames: (layer = 0) => pictures(layer).filter(({ key }) => key).length,
    sounds: () => frames.filter(({ kind }) => kind === 'audio'),
    async [Symbol.asyncDispose]() {
      route.close();
      await receiver.close();
    },
  };
}

/** How many frames a second, by their own times. */
export function rate(frames: readonly MediaFrame[]): number {
  const [first, last] = [frames[0], frames.at(-1)];
  return first && last ? ((frames.length - 1) * 1e6) / (last.ptsUs - first.ptsUs) : 0;
}

/** How far pictures and sound are apart, in ms, by when they came: the median of the last second of each. */
export function apartMs(pictures: readonly ComingFrame[], sounds: readonly ComingFrame[]): number {
  const late = (frames: readonly ComingFrame[]) => {
    const last = frames.slice(-20).map(({ atUs, ptsUs }) => (atUs - ptsUs) / 1000);
    return last.sort((a, b) => a - b)[last.length >> 1] ?? Number.NaN;
  };
  return Math.abs(late(pictures) - late(sounds));
}
