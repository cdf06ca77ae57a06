import { asMiroliveError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/finding.ts';
import type { Client } from '../client.ts';
import { type HostPlace, placeName } from '../places/place.ts';

/** A round trip that takes longer, in ms, is felt: each command makes at least two. */
const slowMs = 500;

/** Whether a daemon elsewhere is reached, by what it is trusted, and how long an answer takes: its half here. */
export async function connectionFinding(client: Client, place: HostPlace): Promise<Finding> {
  const check = 'connection';
  try {
    await client.call('version', {});
    // The first one looks up names too.
    const before = performance.now();
    await client.call('version', {});
    const tookMs = Math.round(performance.now() - before);
    const vouched = place.fingerprint === null ? 'an authority vouches for it' : 'its certificate is pinned';
    const detail = `${placeName(place)} is who is meant (${vouched}), and answers within ${tookMs} ms`;
    if (tookMs < slowMs) return { check, state: 'ok', detail, fix: null };
    return { check, state: 'warn', detail, fix: 'See the line between: ping, mtr' };
  } catch (thrown) {
    const { message, hint } = asMiroliveError(thrown);
    return { check, state: 'fail', detail: message, fix: hint };
  }
}

/** What is found on the machine of a daemon elsewhere: its half there, for whoever may administer. */
export async function* machineFindingsThere(client: Client): AsyncGenerator<Finding> {
  try {
    for await (const { check, state, detail, fix } of client.doctor()) yield { check, state, detail, fix };
  } catch (thrown) {
    const { code, message, hint } = asMiroliveError(thrown);
    const fix = code === 'NOT_ALLOWED' ? "Run it there, or with an admin's token" : hint;
    yield { check: 'machine', state: 'warn', detail: message, fix };
  }
}
