import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start, succeeded } from '../child.ts';
import type { Context } from '../context.ts';
import { type Row, row } from '../row.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What is expected where the worker is built, in s; what is given up after, in ms. */
const [expectedS, limitMs] = [240, 20 * 60_000];

/**
 * From a fresh clone with no cache to a built worker and programs: npm's packages, the worker's sources and its build, our own
 * build. System packages that are there already cost nothing.
 */
export async function setup(context: Context): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-bench-setup-'));
  context.scope.defer(() => rm(folder, { recursive: true, force: true }));
  const clone = join(folder, 'mirolive');
  await succeeded(start(context, 'git', ['clone', '--quiet', root, clone], { stdio: 'ignore' }));
  const env = { ...process.env, MIROLIVE_CACHE_DIR: join(folder, 'cache'), MEDIASOUP_WORKER_BIN: '' };
  const startedAt = performance.now();
  // The system's Node, as the clone has no other yet.
  const child = start(context, 'node', [join(clone, 'scripts', 'run.mjs'), 'worker'], {
    ...{ cwd: clone, env, stdio: ['ignore', 2, 2], timeout: limitMs },
  });
  await succeeded(child);
  const values = [(performance.now() - startedAt) / 1000];
  return [row({ name: 'set-up from nothing', unit: 's', values, atMost: expectedS, note: 'worker built' })];
}
