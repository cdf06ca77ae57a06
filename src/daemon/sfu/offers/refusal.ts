import { MiroliveError } from '../../../contract/errors.ts';

/** An INVALID_REQUEST that is answered with a more exact HTTP status than 400. */
export type Refusal = MiroliveError & { readonly statusCode: number };

/** Why a request is not granted: the status that RFC 9725 or HTTP wants, and what was expected. */
export function refusal(statusCode: number, message: string, hint: string): Refusal {
  return Object.assign(new MiroliveError('INVALID_REQUEST', message, { hint }), { statusCode });
}

/** What is wrong with an offer: 400. */
export function badOffer(message: string): Refusal {
  return refusal(400, message, 'Send the offer of an RTCPeerConnection as it is, as application/sdp');
}
