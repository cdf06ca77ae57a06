import type { Plan } from '../../src/contract/plan.ts';
import { ffmpegArgs } from '../../src/ingest/ffmpeg/args.ts';
import { Pipeline } from '../../src/ingest/ffmpeg/pipeline.ts';
import type { MediaFrame } from '../../src/ingest/media/media-frame.ts';
import type { Input } from '../../src/ingest/sources/input.ts';

/**
 * Plays an opened source by a plan until so many pictures, and packets of sound, came, and then disposes of it.
 *
 * @throws where it ends before
 */
export async function playedFrames(
  opened: Input,
  plan: Plan,
  pictures: number,
  packets = 0,
): Promise<MediaFrame[]> {
  await using input = opened;
  const frames: MediaFrame[] = [];
  const enough = Promise.withResolvers<void>();
  const seen = (of: MediaFrame['kind']) => frames.filter(({ kind }) => kind === of).length;
  const isEnough = () => seen('video') >= pictures && seen('audio') >= packets;
  await using pipeline = Pipeline.start({
    ffmpeg: 'ffmpeg',
    args: ffmpegArgs(plan, input),
    env: input.env,
    aside: input.aside,
    stallTimeoutMs: 15_000,
    explain: (words) => input.explain(words),
    onFrames: (more) => {
      frames.push(...more);
      if (isEnough()) enough.resolve();
    },
  });
  const ended = pipeline.ended.then((end) => {
    if (isEnough()) return;
    const came = `${seen('video')} pictures and ${seen('audio')} packets of sound`;
    throw new Error(`ended after ${came}: ${JSON.stringify(end)}`);
  });
  await Promise.race([enough.promise, ended]);
  return frames;
}
