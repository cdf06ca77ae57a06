import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { MiroliveError } from '../../contract/errors.ts';
import { installed } from '../../contract/installation.ts';
import type { Context } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { printable } from '../words/format.ts';

/** What the program that builds says at its end. */
type Outcome =
  | { readonly path: string; readonly built: boolean }
  | { readonly message: string; readonly next: string };

/** `mirolive worker build` */
export function add(program: Verb): void {
  const examples = ['mirolive worker build', 'MIROLIVE_CACHE_DIR=/var/cache/mirolive mirolive worker build'];
  program
    .verb('worker', 'Look after the mediasoup worker, the program that sends media to viewers.', examples)
    .verb(
      'build',
      'Build the one that goes with this version, where it is not built yet: some minutes. As root it installs the Debian packages that it takes; for others it names them. It lies in the cache of this user, or in MIROLIVE_CACHE_DIR.',
      examples,
    )
    .does(build);
}

async function build({ output, interrupts }: Context): Promise<number> {
  const program = fileURLToPath(installed('scripts/setup/build-worker.mjs'));
  if (!existsSync(program))
    throw new MiroliveError('WORKER_NOT_BUILT', 'this installation brings its worker with it', {
      hint: 'See which one it is: mirolive doctor',
    });
  const interrupted = interrupts();
  // How far it is, it says itself.
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  interrupted.addEventListener('abort', () => child.kill(), { once: true });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (interrupted.aborted) return interrupted.reason as number;
  const outcome = JSON.parse(said) as Outcome;
  if ('message' in outcome)
    throw new MiroliveError('WORKER_NOT_BUILT', outcome.message, { hint: `Run: ${outcome.next}` });
  output.show(outcome, () => [
    `${outcome.built ? 'Built' : 'It is there already'}: ${printable(outcome.path)}`,
    'A daemon takes it when it is started again.',
  ]);
  return 0;
}
