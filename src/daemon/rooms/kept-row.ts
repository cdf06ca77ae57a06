import * as z from 'zod';
import type { Config } from '../../contract/config.ts';
import { type BroadcastStats, type Source, source as sourceModel } from '../../contract/models.ts';
import { broadcastId } from '../../contract/names.ts';
import { videoCodec } from '../../contract/plan.ts';
import { renditionNames } from '../../contract/rendition-names.ts';
import { candidateId, type Seen, seen, unopened, type Wanted, wanted } from '../../contract/snapshot.ts';
import { sourceWords } from '../../contract/source-words.ts';
import { compatibleCodecs, newOutput } from '../sfu/output.ts';
import { type Broadcast, noPlan, noStats } from './broadcast.ts';
import type { EncodingMeans } from './encoding.ts';
import { fallbackCandidates, programmeOptions } from './programme-of.ts';
import { type Applied, type BroadcastState, newBroadcast } from './room-state.ts';
import { candidateIn } from './standing.ts';
import { belowSlate, fields, type Wishes } from './wishes.ts';

/** A kept broadcast as the state has it; what is JSON is told apart from what is looked for. */
export interface KeptRow {
  readonly room: string;
  readonly id: string;
  readonly begunBy: string;
  readonly appliedBy: string | null;
  readonly declared: string | null;
  /** What was asked for, and what is decided of how it goes out. */
  readonly spec: string;
  readonly wanted: string;
  /** null: nothing of it was seen. */
  readonly seen: string | null;
}

/** A broadcast that goes on in another daemon. */
export interface RestoredBroadcast {
  readonly broadcast: BroadcastState;
  /** Why its place is not known, and it begins anew; null: it is. */
  readonly placeless: string | null;
}

/** Grows when what a row's `spec` or `wanted` means changes. */
const keptVersion = 1;

/** Brings what an older version wrote to the version after it: the first from version 1 to 2, and so on. */
type Migration = (written: Record<string, unknown>) => Record<string, unknown>;
const migrations: readonly Migration[] = [];
const seenMigrations: readonly Migration[] = [];

const spec = z.strictObject({
  version: z.literal(keptVersion),
  name: z.string(),
  /** null: nothing is preferred to the fallbacks and the slate. */
  source: sourceModel.nullable(),
  startedAt: z.iso.datetime(),
  codec: videoCodec,
  /** The lowest first. */
  renditions: z.array(z.enum(renditionNames)).min(1),
  stepsDown: z.boolean(),
  /** What the configuration said that the room falls back to, as JSON. */
  fallbacks: z.string(),
});

const wishes = z.strictObject({
  version: z.literal(keptVersion),
  wanted,
  asked: z.int().min(0),
  written: z.partialRecord(z.enum(fields), z.int().min(0)),
  machine: candidateId.nullable(),
  /** An older version remembered which runs a person had ended. */
  stoppedRuns: z.array(candidateId).optional(),
});

const begunBy = z.enum(['person', 'publisher', 'schedule', 'alwaysOn']);

/** What of a broadcast never changes. */
export function specText(broadcast: Broadcast): string {
  const { name, source, startedAt, output, renditions, options, fallbacks = '[]' } = broadcast;
  const { stepsDown } = options;
  const written: z.infer<typeof spec> = {
    ...{ version: keptVersion, name, source, startedAt, codec: output.video.codec, stepsDown },
    ...{ renditions: [...renditions], fallbacks },
  };
  return JSON.stringify(written);
}

export function wishesText(wished: Wishes): string {
  return JSON.stringify({ version: keptVersion, ...wished });
}

export function seenText(now: Seen | null): string | null {
  return now && JSON.stringify(now);
}

/**
 * A broadcast as it goes on: with all that was wished of it, where it was, by the configuration as it is now. Pure.
 *
 * @throws Error in words where it cannot be read
 */
export function restoredBroadcast(row: KeptRow, config: Config, means: EncodingMeans): RestoredBroadcast {
  const { version: _, ...kept } = read('what was asked for', spec, row.spec, migrations);
  const { version: __, ...wished } = read('what is wanted', wishes, row.wanted, migrations);
  const place = lastSeen(row.seen);
  const { name, source, startedAt, codec, stepsDown } = kept;
  const renditions = kept.renditions.toReversed();
  const besides = config.plan.compatible === 'auto' ? compatibleCodecs(codec) : [];
  const broadcast: Broadcast = {
    ...{ id: broadcastId.parse(row.id), name, source, startedAt },
    ...{
      renditions: kept.renditions,
      fallbacks: kept.fallbacks,
      advice: null,
      plan: planOf(place.seen) ?? noPlan,
      stats: statsOf(wished.wanted, place.seen),
    },
    words: source ? sourceWords(source) : 'slate',
    output: newOutput(codec, renditions.length, besides),
    options: programmeOptions(config, row.room, { source, stepsDown, shape: { codec, renditions } }, means),
  };
  const state = newBroadcast(
    broadcast,
    begunBy.parse(row.begunBy),
    withoutPipes(wished),
    Number.POSITIVE_INFINITY,
    { keep: true, applied: appliedOf(row) },
  );
  return {
    // Nothing of it has left yet in this daemon: whether it had before is in what was seen.
    broadcast: { ...state, seen: place.seen },
    placeless: place.problem,
  };
}

/** What a room falls back to by the configuration as it is now, in the place of what it said before. Pure. */
export function withFallbacks(broadcast: BroadcastState, sources: readonly Source[]): BroadcastState {
  const { wanted } = broadcast.wishes;
  const kept = wanted.chain.filter(({ name }) => !name.startsWith('fallback-'));
  const others = fallbackCandidates(sources);
  const changed = { ...wanted, chain: [...kept, ...others], revision: wanted.revision + 1 };
  return { ...broadcast, wishes: { ...broadcast.wishes, wanted: changed } };
}

/** What was applied before its words were kept is compared as what it is. */
function appliedOf({ appliedBy, declared }: KeptRow): Applied | null {
  return appliedBy === null || declared === null ? null : { by: appliedBy, declared };
}

/** A place that cannot be read is no reason not to be on air. */
function lastSeen(text: string | null): { readonly seen: Seen | null; readonly problem: string | null } {
  if (text === null) return { seen: null, problem: null };
  try {
    const known = read('what was seen', seen, text, seenMigrations);
    return { seen: { ...known, generation: unopened }, problem: null };
  } catch (error) {
    return { seen: null, problem: (error as Error).message };
  }
}

function planOf(place: Seen | null) {
  return place?.candidates.find(({ id }) => id === place.onAir)?.plan ?? null;
}

/** Until it plays, it stands where it was: what is on air, or is to be next. */
function statsOf(wanted: Wanted, place: Seen | null): BroadcastStats {
  const { positionMs = 0 } = candidateIn(place, belowSlate(wanted, place)?.id ?? '') ?? {};
  return { ...noStats, positionMs, restarts: place?.restarts ?? 0, slates: place?.slates ?? 0 };
}

/** What came through a pipe is gone with it, and what viewers need is found out anew. */
function withoutPipes({ wanted: before, ...wished }: Omit<z.infer<typeof wishes>, 'version'>): Wishes {
  const { compatible: _, chain, ...rest } = before;
  const { written } = wished;
  return {
    ...{ asked: wished.asked, machine: wished.machine },
    written: Object.fromEntries(Object.entries(written).filter(([, number]) => number !== undefined)),
    wanted: { ...rest, chain: chain.filter(({ source: { kind } }) => kind !== 'stdin') },
  };
}

/** Reads what this version, or an older one, has written. */
function read<T>(what: string, schema: z.ZodType<T>, text: string, steps: readonly Migration[]): T {
  const newest = steps.length + 1;
  const found = parsed(what, text);
  const { version } = found;
  if (typeof version !== 'number' || !(version >= 1)) throw new Error(`${what} has no version`);
  if (version > newest)
    throw new Error(
      `${what} is of version ${version}, which a newer mirolive wrote; this one reads ${newest}`,
    );
  const upToDate = steps.slice(version - 1).reduce((before, step) => step(before), found);
  const { data, error } = schema.safeParse(upToDate);
  if (error) {
    const [issue] = error.issues;
    // Values may be secrets: only where it is, and what was expected.
    throw new Error(`${what} cannot be read: ${issue?.path.join('.') || 'all of it'}: ${issue?.code}`);
  }
  return data as T;
}

function parsed(what: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Error(`${what} is no JSON object`);
}
