import type { NewStreamKey, StreamKey } from '../../contract/publishing.ts';
import { expiry } from './expiry.ts';
import { type Paint, span, table } from './format.ts';

/** Stream keys as a table; a sentence with the way on if there are none. */
export function keyTable(keys: readonly StreamKey[], now: number, paint: Paint): string[] {
  if (keys.length === 0) return ['No stream keys. Make one: mirolive keys create --room lobby'];
  return table(
    ['ID', 'ROOM', 'NAME', 'STATE', 'EXPIRES', 'LAST USED'],
    keys.map((key) => [
      key.id,
      key.room,
      key.name,
      key.state === 'valid' ? key.state : paint('yellow', key.state),
      expiry(key, now),
      key.lastUsedAt === null ? 'never' : `${span(now - Date.parse(key.lastUsedAt))} ago`,
    ]),
    paint,
  );
}

/** A new secret, with what to paste where. */
export function newKeyLines({ key, secret, addresses }: NewStreamKey, now: number, paint: Paint): string[] {
  const server = addresses.rtmp ?? addresses.rtmps;
  const until = key.expiresAt === null ? 'for ever' : `for ${span(rounded(Date.parse(key.expiresAt) - now))}`;
  const shown = paint('bold', secret);
  return [
    `Stream key ${key.name} of room ${key.room} (${key.id}), valid ${until}. It is shown this once.`,
    ...(server === null
      ? []
      : [
          '',
          'OBS: Settings, Stream, Service: Custom…',
          `  Server      ${server}`,
          `  Stream Key  ${shown}`,
          ...(addresses.rtmp !== null && addresses.rtmps !== null
            ? [`  encrypted   ${addresses.rtmps}`]
            : []),
          'and in Output: Keyframe Interval 1 s, B-frames 0, so that the picture need not be transcoded.',
          '',
          'ffmpeg and others',
          `  ${server}/${secret}`,
        ]),
    '',
    'WHIP',
    `  Server        ${addresses.whip}`,
    `  Bearer Token  ${shown}`,
  ];
}

/** To whole seconds: the answer has taken some of the time that was asked for. */
function rounded(ms: number): number {
  return Math.round(ms / 1000) * 1000;
}
