import type { types } from 'mediasoup';
import { currentCandidates } from '../addresses.ts';
import { badOffer } from './refusal.ts';

/** What a client sends in a PATCH (RFC 8840): its candidates are not needed, since mediasoup is ICE-lite. */
export interface IceFragment {
  readonly ufrag: string | null;
  readonly pwd: string | null;
}

/** Reads an application/trickle-ice-sdpfrag body; throws a refusal (400) for credentials that ICE does not allow. */
export function readIceFragment(body: string): IceFragment {
  const ufrag = /^a=ice-ufrag:(.*)$/m.exec(body)?.[1]?.trim() ?? null;
  const pwd = /^a=ice-pwd:(.*)$/m.exec(body)?.[1]?.trim() ?? null;
  if ((ufrag === null) !== (pwd === null)) {
    throw badOffer('expected a=ice-ufrag and a=ice-pwd together');
  }
  // RFC 8839, 5.4.
  if (ufrag !== null && !/^[\w+/-]{4,256}$/.test(ufrag))
    throw badOffer('expected a=ice-ufrag of 4 to 256 characters');
  if (pwd !== null && !/^[\w+/-]{22,256}$/.test(pwd))
    throw badOffer('expected a=ice-pwd of 22 to 256 characters');
  return { ufrag, pwd };
}

/** The body that answers an ICE restart. */
export function writeIceFragment(
  { usernameFragment, password }: types.IceParameters,
  candidates: readonly types.IceCandidate[],
): string {
  const lines = currentCandidates(candidates).map(
    ({ foundation, protocol, priority, address, port, type, tcpType }) => {
      const end = tcpType ? ` tcptype ${tcpType}` : '';
      return `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}${end}`;
    },
  );
  return [
    'a=ice-lite',
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${password}`,
    ...lines,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}
