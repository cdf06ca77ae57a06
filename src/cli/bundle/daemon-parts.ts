import type { Client } from '../client.ts';
import type { BundlePart } from './bundle-part.ts';

/** What happened and was logged in so many ms. */
const sinceMs = 86_400_000;
/** So many of the last lines, and events. */
const mostLines = 5000;
/** No longer is waited for a part, in ms. */
const partMs = 15_000;

/** What the daemon tells of itself. @param ended gives up what is under way */
export function daemonParts(client: () => Promise<Client>, ended: AbortSignal): BundlePart[] {
  const signal = () => AbortSignal.any([ended, AbortSignal.timeout(partMs)]);
  return [
    { name: 'version.json', get: async () => (await client()).call('version', {}) },
    { name: 'status.json', get: async () => (await client()).call('status', {}) },
    { name: 'view.json', get: async () => firstView(await client(), signal()) },
    { name: 'events.jsonl', get: async () => eventsOf(await client(), signal()) },
    { name: 'log.jsonl', get: async () => linesOf(await client(), signal()) },
  ];
}

/** Health and plans of rooms, processes and the machine, all at one moment. */
async function firstView(client: Client, signal: AbortSignal): Promise<unknown> {
  const leaving = new AbortController();
  for await (const { view } of client.observe(
    { detail: 'whole' },
    AbortSignal.any([signal, leaving.signal]),
  )) {
    leaving.abort();
    return view;
  }
  throw new Error('the daemon has not told it in time');
}

async function eventsOf(client: Client, signal: AbortSignal): Promise<unknown[]> {
  return await last(client.events({ sinceMs, follow: false }, { signal }));
}

async function linesOf(client: Client, signal: AbortSignal): Promise<unknown[]> {
  return await last(client.logs({ sinceMs }, { signal }));
}

async function last(all: AsyncIterable<unknown>): Promise<unknown[]> {
  const kept: unknown[] = [];
  for await (const one of all) {
    kept.push(one);
    if (kept.length >= 2 * mostLines) kept.splice(0, mostLines);
  }
  return kept.slice(-mostLines);
}
