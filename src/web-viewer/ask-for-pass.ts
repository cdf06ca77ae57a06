/** What came of asking for a pass. */
export type Asked =
  | { readonly type: 'pass'; readonly pass: string }
  /** The link is good for nothing; why, for whoever came by it. */
  | { readonly type: 'refused'; readonly why: string }
  /** Many come at this moment. */
  | { readonly type: 'crowd' }
  /** The network, a proxy or the server did not do it. */
  | { readonly type: 'failed' };

/** What an answer says; `body` is undefined where it was none of the server's. */
export function readAsked(body: unknown): Asked {
  const { pass, error } = (body ?? {}) as { pass?: unknown; error?: { code?: unknown; message?: unknown } };
  if (typeof pass === 'string') return { type: 'pass', pass };
  switch (error?.code) {
    case 'LINK_NEEDED':
    case 'VIEWER_BANNED':
      return { type: 'refused', why: String(error.message) };
    case 'INVALID_REQUEST':
      return { type: 'refused', why: 'this is no link of this room' };
    case 'LIMIT_REACHED':
      return { type: 'crowd' };
    default:
      return { type: 'failed' };
  }
}

/** An answer that has not come by then does not come, in ms. */
const answerMs = 15_000;

/** One use of a link. Asked once more by the same browser within a minute it is the same use: an answer that got lost costs nothing. */
export async function askForPass(link: string, browser: string): Promise<Asked> {
  const body = fetch(location.pathname, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, referrerPolicy: 'no-referrer' },
    body: JSON.stringify({ link, browser }),
    signal: AbortSignal.timeout(answerMs),
  }).then((answer) => answer.json());
  return readAsked(await body.catch(() => undefined));
}
