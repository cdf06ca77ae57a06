import * as z from 'zod';
import { loudness, probe } from '../../contract/plan.ts';
import { keepNewest } from '../keep-newest.ts';
import { maxMeasured } from '../sources/loudness-book.ts';
import type { FileFinding } from '../sources/sources.ts';

const known = { path: z.string().max(4096), identity: z.string().max(200) };
/** What one process tells, and all others are told. */
export const fileFinding = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('probe'), ...known, value: probe }),
  z.strictObject({ what: z.literal('durationMs'), ...known, value: z.number().nullable() }),
  z.strictObject({
    what: z.literal('loudness'),
    ...known,
    value: z.record(z.string().max(100), loudness),
  }),
]);

/** As many as one process remembers of each kind. */
const maxFindings = 1000;

/** What processes found out of files, for those that take their place: no file is looked at anew because a process died. */
export class KnownFiles {
  readonly #findings = new Map<string, FileFinding>();
  readonly #loudness = new Map<string, FileFinding>();

  learn(finding: FileFinding): void {
    if (finding.what === 'loudness') keepNewest(this.#loudness, finding.path, finding, maxMeasured);
    else keepNewest(this.#findings, `${finding.what} ${finding.path}`, finding, maxFindings);
  }

  get all(): readonly FileFinding[] {
    return [...this.#findings.values(), ...this.#loudness.values()];
  }
}
