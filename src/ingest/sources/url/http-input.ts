import { withoutSecrets } from '../../../contract/source-words.ts';
import type { Mark } from '../../child/mark.ts';
import type { Guard, HttpWishes } from '../../guard/guard.ts';
import { containers, only } from '../containers.ts';
import type { Input } from '../input.ts';
import type { SourceAddress } from './address.ts';

/** Beside the containers: playlists of segments with their subtitles, and pictures of cameras. */
const formats = [...containers, 'hls', 'webvtt', 'mpjpeg'];
/** A connection that broke is begun anew for so long, in s, before ffmpeg fails and is begun anew itself. */
const reconnectS = 4;

/**
 * HTTP and HTTPS, files and HLS, by way of the guard. ffmpeg itself knows plain HTTP only: with TLS it would know
 * `httpproxy` too, by which a playlist leads anywhere.
 */
export async function httpInput(
  { href }: SourceAddress,
  live: boolean | null,
  wishes: HttpWishes,
  guard: Guard,
  mark: Mark | null,
): Promise<Input> {
  const opened = await guard.openHttp(href, mark, wishes);
  const reconnecting = [
    ...['-reconnect', '1', '-reconnect_on_network_error', '1'],
    ...['-reconnect_delay_max', `${reconnectS}`],
  ];
  return {
    parts: [
      { options: [...only(['http', 'tcp', 'crypto'], formats), ...reconnecting], location: opened.location },
    ],
    live,
    realTime: false,
    env: opened.env,
    called: {
      location: opened.location,
      path: withoutSecrets(href),
      secrets: Object.values(wishes.headers ?? {}),
    },
    explain: () => opened.refusal(),
    variants: () => opened.variants(),
    [Symbol.asyncDispose]: async () => opened.close(),
  };
}
