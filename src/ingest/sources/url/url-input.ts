import { MiroliveError } from '../../../contract/errors.ts';
import type { Source } from '../../../contract/models.ts';
import type { Mark } from '../../child/mark.ts';
import type { Guard } from '../../guard/guard.ts';
import type { Input } from '../input.ts';
import { readAddress } from './address.ts';
import { srtInput, udpInput } from './datagram-input.ts';
import { httpInput } from './http-input.ts';
import { rtmpInput, rtspInput } from './relayed-input.ts';

/**
 * Opens an address. `mark`: for whom; null: nobody is to be blamed for what comes of it. `maxBitrateBps`: of a list of variants, the best within that is taken.
 *
 * @throws MiroliveError SOURCE_PROTOCOL, SOURCE_PRIVATE_ADDRESS, SOURCE_UNREACHABLE, INVALID_REQUEST
 */
export async function urlInput(
  { url, live, headers, variant }: Extract<Source, { kind: 'url' }>,
  guard: Guard,
  mark: Mark | null,
  maxBitrateBps = Number.MAX_SAFE_INTEGER,
): Promise<Input> {
  const address = readAddress(url);
  if (headers && Object.keys(headers).length > 0 && !address.protocol.startsWith('http'))
    throw new MiroliveError(
      'INVALID_REQUEST',
      `expected headers with an address of http or https only, got one of ${address.protocol}`,
    );
  switch (address.protocol) {
    case 'http':
    case 'https':
      return httpInput(
        address,
        live,
        { headers, variant: { number: variant ?? null, maxBitrateBps } },
        guard,
        mark,
      );
    case 'rtsp':
    case 'rtsps':
      return rtspInput(address, guard, mark);
    case 'rtmp':
    case 'rtmps':
      return rtmpInput(address, guard, mark);
    case 'srt':
      return srtInput(address, guard);
    case 'udp':
      return udpInput(address);
  }
}
