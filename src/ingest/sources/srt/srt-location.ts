import { MiroliveError } from '../../../contract/errors.ts';
import { authority, queryOptions, type SourceAddress } from '../url/address.ts';

/** No packet for so long ends a connection, in µs. */
const silence = '10000000';

const number = /^\d{1,12}$/;
const known: Readonly<Record<string, RegExp>> = {
  mode: /^(caller|listener)$/,
  streamid: /^.{1,512}$/,
  passphrase: /^.{10,79}$/,
  pbkeylen: /^(16|24|32)$/,
  ...{ latency: number, rcvlatency: number, peerlatency: number, maxbw: number, lossmaxttl: number },
  ...{ mss: number, connect_timeout: number, tlpktdrop: /^[01]$/, transtype: /^(live|file)$/ },
};

/**
 * An address as libavformat reads it (https://ffmpeg.org/ffmpeg-protocols.html, `srt`): of what its query holds it decodes nothing but
 * `+`, for a space.
 *
 * @param host who is called, as was checked
 * @throws MiroliveError INVALID_REQUEST
 */
export function srtLocation(address: SourceAddress, host: string): string {
  const options = queryOptions(address, known);
  const query = options.flatMap((name, at) =>
    at % 2 === 0 ? [`${name.slice(1)}=${written(name.slice(1), options[at + 1] ?? '')}`] : [],
  );
  return `srt://${authority({ host, port: address.port })}?${[...query, `timeout=${silence}`].join('&')}`;
}

function written(name: string, value: string): string {
  if (!/[&+\p{Cc}]/u.test(value)) return value.replaceAll(' ', '+');
  throw new MiroliveError(
    'INVALID_REQUEST',
    `expected a ${name} without & and +, which ffmpeg cannot pass on by SRT`,
    { hint: `Choose another ${name} at both ends` },
  );
}
