import { Resolver, lookup as systemLookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** An answer is waited for so long, in ms, and asked for so many times. */
const timeoutMs = 2000;
const tries = 2;

/**
 * All addresses of a name: as /etc/hosts has them, else as the name servers say, and only for a name that those don't know as
 * the system finds it otherwise (search domains, mDNS). The system's look-up cannot be cancelled and has few threads for
 * all names: a zone that does not answer must not get there, as it would keep all others waiting.
 */
export async function lookUp(host: string): Promise<readonly Address[]> {
  const known = inHosts(await readFile('/etc/hosts', 'utf8').catch(() => ''), host);
  if (known.length > 0) return known;
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  const answers = await Promise.allSettled([
    resolver.resolve4(host).then((list) => list.map((address) => ({ address, family: 4 }))),
    resolver.resolve6(host).then((list) => list.map((address) => ({ address, family: 6 }))),
  ]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (found.length > 0) return found;
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  const silent = failures.find(({ code }) => code === 'ETIMEOUT');
  if (silent) throw silent;
  return await systemLookup(host, { all: true });
}

/** The addresses of a name in a table of hosts (hosts(5)). */
export function inHosts(table: string, host: string): Address[] {
  const wanted = host.toLowerCase();
  return table.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    return family > 0 && names.some((name) => name.toLowerCase() === wanted) ? [{ address, family }] : [];
  });
}
