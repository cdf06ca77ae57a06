import type { Config } from '../../contract/config.ts';
import { encoderNames } from '../../contract/encoders.ts';
import type { Finding } from '../../contract/finding.ts';
import { type TriedEncoder, tryEncoder } from '../../ingest/ffmpeg/try-encoders.ts';
import { isLate, works } from '../rooms/choose-encoder.ts';

/** Tries every encoder of H.264: which one is used, and of each whether it works, or why not. */
export async function h264Finding(
  { media, plan }: Pick<Config, 'media' | 'plan'>,
  trial = tryEncoder,
): Promise<Finding> {
  const { signal } = new AbortController();
  const tried = await Promise.all(encoderNames.map((name) => trial(media.ffmpeg, name, signal)));
  const wanted = tried.filter(({ encoder }) => plan.encoder === 'auto' || plan.encoder === encoder.name);
  const used = wanted.find(works);
  const [state, fix]: [Finding['state'], string | null] = used
    ? ['ok', null]
    : wanted.some(isLate)
      ? ['warn', 'This machine has too much else to do to tell. When it has less: mirolive doctor']
      : ['fail', 'Set plan.encoder to one that works, or to auto'];
  const name = used?.encoder.name ?? (state === 'warn' ? 'not known' : 'none');
  const detail = [`${name}, by plan.encoder: ${plan.encoder}`, ...tried.map(lineOf)].join('\n');
  return { check: 'H.264 encoder', state, detail, fix };
}

function lineOf(tried: TriedEncoder): string {
  const { encoder, outcome } = tried;
  const { name, device } = encoder;
  if ('reason' in outcome)
    return `${name}: ${isLate(tried) ? 'not known, and tried again later' : 'does not work'}: ${outcome.reason}`;
  return device === null ? `${name}: works` : `${name}: works on ${device}`;
}
