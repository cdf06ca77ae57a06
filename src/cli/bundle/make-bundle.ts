import { resolve } from 'node:path';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/finding.ts';
import type { Client } from '../client.ts';
import { findPlace } from '../places/find-place.ts';
import { type Context, connect } from '../program/context.ts';
import { runningConfig } from '../program/running-config.ts';
import { printable } from '../words/format.ts';
import type { BundlePart } from './bundle-part.ts';
import { daemonParts } from './daemon-parts.ts';
import { gather } from './gather.ts';
import { machineParts, partsElsewhere } from './machine-parts.ts';
import { packBundle, writeBundle } from './write-bundle.ts';

/**
 * `mirolive doctor --bundle [FILE]`: packs what a report of a fault needs, with the daemon dead too, and says what is in it.
 *
 * @param named undefined: by the time, in the current folder; `-`: standard output
 * @param look what the doctor finds
 */
export async function makeBundle(
  context: Context,
  named: string | undefined,
  look: (context: Context, report: (finding: Finding) => void) => Promise<void>,
): Promise<number> {
  const { flags, environment, output } = context;
  const isPiped = named === '-';
  if (isPiped) requirePipe(output);
  const at = new Date(Date.now());
  const name = `mirolive-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;
  const file = resolve(named ?? `${name}.tar.gz`);
  const place = context.place ?? (await findPlace(flags, environment, output.warn));
  // What is waited for is told in one line.
  const quiet = { ...context, output: { ...output, waiting: () => ({ [Symbol.dispose]() {} }) } };
  let known: Promise<Client> | undefined;
  const client = () => {
    known ??= connect(quiet);
    return known;
  };
  const own = async () =>
    machineParts({
      configFile: await runningConfig(quiet),
      pid: async () => (await (await client()).call('status', {})).pid,
    });
  const doctor: BundlePart = {
    name: 'doctor.jsonl',
    get: async () => {
      const findings: Finding[] = [];
      // What was found by then is worth something.
      await look(quiet, (finding) => findings.push(finding)).catch((thrown) => {
        const { message: detail, hint: fix } = asMiroliveError(thrown);
        findings.push({ check: 'doctor', state: 'fail', detail, fix });
      });
      return findings;
    },
  };
  using progress = output.progress();
  progress.show('packing what the daemon tells …');
  const parts = [
    ...daemonParts(client, context.interrupts()),
    doctor,
    ...(place.kind === 'socket' ? await own() : partsElsewhere(place)),
  ];
  let begun = 0;
  const gathered = await gather(parts, (part) =>
    progress.show(`packing ${part}, ${++begun} of ${parts.length} …`),
  );
  progress.clear();
  if (isPiped) {
    output.stdout.write(await packBundle({ name, at }, gathered));
    for (const one of gathered)
      if ('missing' in one) output.note(`missing: ${one.name}: ${printable(one.missing)}`);
    return 0;
  }
  const { bytes } = await writeBundle({ file, name, at }, gathered);
  const files = gathered.map((one) =>
    'text' in one ? { name: one.name, bytes: Buffer.byteLength(one.text) } : one,
  );
  output.show({ file, bytes, files }, () => [
    `${printable(file)}  ${kilobytes(bytes)}, for you alone to read`,
    ...files.map((one) =>
      'bytes' in one
        ? `  ${one.name.padEnd(14)}  ${kilobytes(one.bytes)}`
        : `  ${one.name.padEnd(14)}  missing: ${printable(one.missing)}`,
    ),
    'Secrets and addresses were taken out. Look at it before you hand it on: tar -xzf FILE',
  ]);
  return 0;
}

/** @throws MiroliveError USAGE where packed bytes would go to a terminal, or among JSON */
function requirePipe({ json, stdout }: Context['output']): void {
  if (!json && stdout.isTTY !== true) return;
  throw new MiroliveError(
    'USAGE',
    `expected a file or a pipe for --bundle -, got ${json ? '--json' : 'a terminal'}`,
    { hint: 'For example: mirolive doctor --bundle - >fault.tar.gz' },
  );
}

function kilobytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1024))} kB`;
}
