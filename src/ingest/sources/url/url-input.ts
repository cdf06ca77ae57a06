import type { Source } from '../../../contract/models.ts';
import type { HttpGuard } from '../../guard/http-guard.ts';
import type { Network } from '../../guard/network.ts';
import type { Input } from '../input.ts';
import { readAddress } from './address.ts';
import { srtInput, udpInput } from './datagram-input.ts';
import { httpInput } from './http-input.ts';
import { rtmpInput, rtspInput } from './relayed-input.ts';

/** The ways out to addresses. */
export interface UrlGuards {
  readonly network: Network;
  readonly http: () => Promise<HttpGuard>;
}

/**
 * Opens an address.
 *
 * @throws MiroliveError SOURCE_PROTOCOL, SOURCE_PRIVATE_ADDRESS, SOURCE_UNREACHABLE, INVALID_REQUEST
 */
export async function urlInput(
  { url, live }: Extract<Source, { kind: 'url' }>,
  { network, http }: UrlGuards,
): Promise<Input> {
  const address = readAddress(url);
  switch (address.protocol) {
    case 'http':
    case 'https':
      return httpInput(address, live, await http());
    case 'rtsp':
    case 'rtsps':
      return rtspInput(address, network);
    case 'rtmp':
    case 'rtmps':
      return rtmpInput(address, network);
    case 'srt':
      return srtInput(address, network);
    case 'udp':
      return udpInput(address);
  }
}
