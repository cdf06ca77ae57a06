import type { Rendition, VideoPlan } from '../../contract/plan.ts';
import { hardwareOptions, pictureFor, x264Encoder } from './h264-encoder.ts';
import { encoderOptions } from './video-encoder.ts';

/** The options of ffmpeg that make every rendition of one picture. */
export interface VideoOutput {
  /** Before the first input. */
  readonly hardware: readonly string[];
  /** For `-filter_complex`; null where nothing is transcoded. */
  readonly filters: string | null;
  /** Output options; the video streams come in the order of the layers, the lowest first. */
  readonly options: readonly string[];
}

/** How far apart key frames are, in s: of the lowest of several renditions, on which viewers begin; of any other. */
const firstKeyFrames = 0.25;
const otherKeyFrames = 1;

/**
 * Decodes once for all renditions; what is copied is not decoded for its own sake.
 *
 * @param input the picture as ffmpeg names it, such as `0:1`
 */
export function videoOutput(video: VideoPlan, input: string): VideoOutput {
  const made = [...video.lower, ...(video.action === 'transcode' ? [video] : [])];
  const encoder = video.encoder ?? x264Encoder;
  const options = made.flatMap((rendition, layer) => {
    const keyFrames = layer === 0 && video.lower.length > 0 ? firstKeyFrames : otherKeyFrames;
    const encoded = { ...rendition, layer, keyFrames };
    return ['-map', `[v${layer}]`, ...encoderOptions(video.codec, encoded, encoder)];
  });
  if (video.action === 'copy') options.push('-map', input, ...copyOptions(video, video.lower.length));
  if (made.length === 0) return { hardware: [], filters: null, options };
  return { hardware: hardwareOptions(encoder), filters: filters(video, input, made), options };
}

function copyOptions({ codec }: VideoPlan, layer: number): string[] {
  // MP4 and Matroska keep parameter sets out of the stream; for Annex B input, as in MPEG-TS, the filter does nothing.
  const filter = codec === 'h264' ? [`-bsf:v:${layer}`, 'h264_mp4toannexb'] : [];
  return [`-c:v:${layer}`, 'copy', ...filter];
}

/** As far as it may be from the planned shape, as a factor, it is made that: sizes are rounded to even numbers. */
const sameShape = 1.05;

/** Browsers take a picture that says nothing of its matrix for BT.709, whatever its size; ffmpeg makes BT.601 of RGB. */
export const asBrowsersTake = 'out_color_matrix=bt709';

/** To a size that is of the picture's shape; should that change while it plays, it is shown whole, with bars. */
function fitted(width: number, height: number, rgb: boolean): string[] {
  const shape = width / height;
  const isWider = `gt(dar\\,${(shape * sameShape).toFixed(4)})`;
  const isNarrower = `lt(dar\\,${(shape / sameShape).toFixed(4)})`;
  return [
    `scale=if(${isNarrower}\\,2*trunc(${height}*dar/2)\\,${width}):if(${isWider}\\,2*trunc(${width}/dar/2)\\,${height})${rgb ? `:${asBrowsersTake}` : ''}`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
  ];
}

/** Transfer characteristics of BT.2100 as zscale names them. */
const transfers = { PQ: 'smpte2084', HLG: 'arib-std-b67' };

/**
 * From BT.2100 to BT.709, in linear light. The white of usual screens is 203 cd/m² (ITU-R BT.2408): what is darker keeps its look, what
 * is brighter is rolled off and not cut. A file that says nothing of its matrix or primaries has those of BT.2100.
 */
function toneMapped(range: keyof typeof transfers): string[] {
  const from = `transferin=${transfers[range]}:primariesin=bt2020:matrixin=bt2020nc`;
  return [
    ...['format=yuv420p10le', `zscale=${from}:transfer=linear:primaries=bt709:matrix=gbr:npl=203`],
    ...['format=gbrpf32le', 'tonemap=mobius:desat=0'],
    'zscale=transfer=bt709:matrix=bt709:range=limited',
  ];
}

type Scaled = Pick<Rendition, 'width' | 'height'> & { readonly fps: number | null };

/** From the largest to the smallest, each made of the one before: a large picture is scaled once. */
function filters(
  { deinterlace, toneMap, rgb, encoder }: VideoPlan,
  input: string,
  made: readonly Scaled[],
): string {
  const { format, upload } = pictureFor(encoder ?? x264Encoder);
  const chains = made.map((rendition, layer) => {
    const above = made[layer + 1];
    const { width, height } = rendition;
    const chain = [
      ...(deinterlace && !above ? ['bwdif=mode=send_frame:deint=all'] : []),
      ...(rendition.fps === (above?.fps ?? null) ? [] : thinned(rendition.fps)),
      ...(above ? [`scale=${width}:${height}`] : fitted(width, height, rgb === true)),
      ...(toneMap && !above ? toneMapped(toneMap) : []),
      ...['setsar=1', `format=${format}`],
    ];
    const from = above ? `below${layer + 1}` : input;
    const own = upload === null ? `[v${layer}]` : `[plain${layer}]`;
    const to = layer === 0 ? own : `,split${own}[below${layer}]`;
    return `[${from}]${chain.join(',')}${to}${upload === null ? '' : `;${own}${upload}[v${layer}]`}`;
  });
  return chains.toReversed().join(';');
}

/** Leaves pictures out, so that those that stay keep their own times: the renditions are on one time line. */
function thinned(fps: number | null): string[] {
  if (fps === null) return [];
  // Two ms less than a whole step, as times of pictures are rounded.
  return [`select=isnan(prev_selected_t)+gte(t\\,prev_selected_t+${(1 / fps - 0.002).toFixed(4)})`];
}
