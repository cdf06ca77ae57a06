import { MiroliveError } from '../../../contract/errors.ts';
import type { Source } from '../../../contract/models.ts';
import type { Mark } from '../../child/mark.ts';
import type { Guard } from '../../guard/guard.ts';
import type { Input } from '../input.ts';
import { type Protocol, readAddress } from './address.ts';
import { udpInput } from './datagram-input.ts';
import { httpInput } from './http-input.ts';
import { rtmpInput, rtspInput } from './relayed-input.ts';

/**
 * Opens an address other than those of SRT. `mark`: for whom; null: nobody is to be blamed for what comes of it. `maxBitrateBps`: of a list of variants, the best within that is taken.
 *
 * @throws MiroliveError SOURCE_PROTOCOL, SOURCE_PRIVATE_ADDRESS, SOURCE_UNREACHABLE, INVALID_REQUEST
 */
export async function urlInput(
  { url, live, headers, variant, confined }: Extract<Source, { kind: 'url' }>,
  guard: Guard,
  mark: Mark | null,
  maxBitrateBps = Number.MAX_SAFE_INTEGER,
): Promise<Input> {
  const address = readAddress(url);
  checkHeaders(headers, address.protocol);
  switch (address.protocol) {
    case 'http':
    case 'https':
      return httpInput(
        address,
        live,
        { headers, variant: { number: variant ?? null, maxBitrateBps }, confined },
        guard,
        mark,
      );
    case 'rtsp':
    case 'rtsps':
      return rtspInput(address, guard, mark, confined);
    case 'rtmp':
    case 'rtmps':
      return rtmpInput(address, guard, mark, confined);
    case 'udp':
      refuseConfined(confined, address.protocol);
      return udpInput(address);
    case 'srt':
      throw new Error('expected whoever keeps connections of SRT to open them');
  }
}

/** @throws MiroliveError INVALID_REQUEST where headers go with an address that has none */
export function checkHeaders(
  headers: Readonly<Record<string, string>> | undefined,
  protocol: Protocol,
): void {
  if (headers === undefined || Object.keys(headers).length === 0 || protocol.startsWith('http')) return;
  throw new MiroliveError(
    'INVALID_REQUEST',
    `expected headers with an address of http or https only, got one of ${protocol}`,
  );
}

/** What the guard does not open is not kept to the public internet. @throws MiroliveError SOURCE_PRIVATE_ADDRESS */
export function refuseConfined(confined: true | undefined, protocol: Protocol): void {
  if (confined)
    throw new MiroliveError(
      'SOURCE_PRIVATE_ADDRESS',
      `expected an address that is kept to the public internet, got one of ${protocol}`,
    );
}
