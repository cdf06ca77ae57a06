import type { EncoderChoice, EncoderName } from '../../contract/encoders.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { x264Encoder } from '../../ingest/ffmpeg/h264-encoder.ts';
import { presentEncoders } from '../../ingest/ffmpeg/present-encoders.ts';
import type { TestEncode } from '../../ingest/ffmpeg/test-encode.ts';
import { type TriedEncoder, tryEncoder } from '../../ingest/ffmpeg/try-encoders.ts';

/** An encoder whose test encode worked; x264 has none before somebody wants to know what it costs. */
export interface ChosenEncoder extends Pick<TriedEncoder, 'encoder'> {
  readonly outcome: TestEncode | null;
  /** What there seems to be, and does not work. */
  readonly refused: readonly TriedEncoder[];
}

const x264: ChosenEncoder = { encoder: x264Encoder, outcome: null, refused: [] };

/**
 * The encoder that is used on this machine: x264 as long as it is not known whether another one works.
 *
 * @param present what `auto` tries, the preferred first; default: what there may be hardware for
 * @throws MiroliveError ENCODER_NOT_USABLE where the one that is wanted does not work
 */
export async function chooseEncoder(
  ffmpeg: string,
  wanted: EncoderChoice,
  signal: AbortSignal,
  present?: readonly EncoderName[],
  trial = tryEncoder,
): Promise<ChosenEncoder> {
  if (wanted === 'x264') return x264;
  if (wanted !== 'auto') return usable(await trial(ffmpeg, wanted, signal));
  const names = present ?? (await presentEncoders());
  const tried = await Promise.all(names.map((name) => trial(ffmpeg, name, signal)));
  const refused = tried.filter((one) => !works(one));
  return { ...(tried.find(works) ?? x264), refused };
}

/** Whether an encoder can be used. */
export function works({ outcome }: TriedEncoder): boolean {
  return 'secondsPerMegapixel' in outcome;
}

/** Whether it may work when the machine has less else to do. */
export function isLate({ outcome }: TriedEncoder): boolean {
  return 'reason' in outcome && outcome.late === true;
}

function usable(tried: TriedEncoder): ChosenEncoder {
  const { encoder, outcome } = tried;
  if (!('reason' in outcome)) return { ...tried, refused: [] };
  if (isLate(tried)) return { ...x264, refused: [tried] };
  throw new MiroliveError(
    'ENCODER_NOT_USABLE',
    `expected plan.encoder to name an encoder that works, got ${encoder.name}: ${outcome.reason}`,
  );
}
