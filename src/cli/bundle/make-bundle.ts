import { resolve } from 'node:path';
import { asMiroliveError } from '../../contract/errors.ts';
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
import { writeBundle } from './write-bundle.ts';

/**
 * `mirolive doctor --bundle [FILE]`: packs what a report of a fault needs, with the daemon dead too, and says what is in it.
 *
 * @param named undefined: by the time, in the current folder
 * @param find what the doctor finds
 */
export async function makeBundle(
  context: Context,
  named: string | undefined,
  find: (report: (finding: Finding) => void) => Promise<void>,
): Promise<number> {
  const { flags, environment, output } = context;
  const at = new Date(Date.now());
  const name = `mirolive-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;
  const file = resolve(named ?? `${name}.tar.gz`);
  const place = context.place ?? (await findPlace(flags, environment, output.warn));
  let known: Promise<Client> | undefined;
  const client = () => {
    known ??= connect(context);
    return known;
  };
  const own = async () =>
    machineParts({
      configFile: await runningConfig(context),
      pid: async () => (await (await client()).call('status', {})).pid,
    });
  const doctor: BundlePart = {
    name: 'doctor.jsonl',
    get: async () => {
      const findings: Finding[] = [];
      // What was found by then is worth something.
      await find((finding) => findings.push(finding)).catch((thrown) => {
        const { message: detail, hint: fix } = asMiroliveError(thrown);
        findings.push({ check: 'doctor', state: 'fail', detail, fix });
      });
      return findings;
    },
  };
  using _said = output.waiting('all that is packed');
  const parts = [
    ...daemonParts(client, context.interrupts()),
    doctor,
    ...(place.kind === 'socket' ? await own() : partsElsewhere(place)),
  ];
  const gathered = await gather(parts);
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

function kilobytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1024))} kB`;
}
