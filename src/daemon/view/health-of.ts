import { contentWords } from '../../contract/content-words.ts';
import type { Broadcast, DegradedPart } from '../../contract/models.ts';
import type { ProgrammeEntry, ProgrammeState } from '../../contract/programme-state.ts';
import { lackWords } from '../../contract/source-words.ts';
import type { RoomHealth } from '../../contract/view/health.ts';
import type { Audience, ViewedRoom } from '../../contract/view/viewed-room.ts';
import { letsIn } from '../rooms/entry.ts';

/** What a room's health follows from. */
export interface RoomFacts {
  readonly name: string;
  readonly entry: ViewedRoom['entry'];
  readonly broadcast: Broadcast | null;
  readonly programme: ProgrammeState | null;
  /** What is missed for it; null: nothing. */
  readonly missing: DegradedPart | null;
  readonly audience: Pick<Audience, 'viewers' | 'suffering'>;
  /** Why viewers suffer; null: nobody does. */
  readonly distress: {
    /** `many`: so many do that it was told. */
    readonly of: 'many' | 'few';
    readonly reason: string;
    readonly hint: string;
    /** So many more get no media, and are between two tries. */
    readonly between?: number;
  } | null;
  /** Its ffmpeg is slower than real time; null: it keeps up, as far as is known. */
  readonly slow: { readonly reason: string; readonly hint: string } | null;
}

/** So many of a room's viewers have it bad, in shares of them, that it is no matter of one line; or of most. */
const [some, most] = [0.1, 0.5];

/** How a room fares, and the first reason for it, the worst first. Pure. */
export function healthOf(facts: RoomFacts): RoomHealth {
  const { broadcast, programme, missing } = facts;
  if (missing) return { word: 'bad', reason: missing.reason };
  if (!broadcast || !programme) return { word: 'idle', reason: null };
  if (broadcast.state === 'starting') return { word: 'starting', reason: broadcast.onAir.words };
  // What a few say of themselves wakes nobody: strangers say it too.
  const isTold = facts.distress?.of === 'many' || facts.slow !== null;
  const bad = unseen(broadcast, programme) ?? (isTold ? suffering(facts, most) : null);
  if (bad !== null) return { word: 'bad', reason: bad };
  const strained = amiss(programme) ?? suffering(facts, some) ?? slowed(facts) ?? shut(facts);
  if (strained !== null) return { word: 'strained', reason: strained };
  return { word: 'well', reason: null };
}

/** Why the slate is on air although nobody wants it there; null: it is not, or somebody does. Pure. */
export function slateReason({
  onAir,
  entries,
  wanted,
}: Pick<ProgrammeState, 'onAir' | 'entries' | 'wanted'>): string | null {
  if (onAir.entry !== 'slate' || wanted.slate) return null;
  const [first] = lost(entries);
  return first ? `the slate is on air: ${first}` : 'the slate is on air';
}

/** Why viewers do not see what they should; null: they do. */
function unseen({ onAir }: Broadcast, programme: ProgrammeState): string | null {
  if (onAir.entry === 'nothing') return onAir.words;
  const instead = slateReason({ ...programme, onAir });
  if (instead !== null) return instead;
  const { content } = programme;
  const wrong = content.wrong.find(({ fault }) => fault !== 'clipping');
  return wrong ? contentWords(onAir.words, wrong) : null;
}

/** What is wrong although viewers see what they should, or the next best; null: nothing. */
function amiss({ entries, onAir, content, wanted }: ProgrammeState): string | null {
  const [first] = wanted.slate ? [] : lost(entries);
  if (first) return `${first}; ${onAir.words} is on air`;
  const lacking = entries.find(({ state, lacks }) => state === 'onAir' && lacks.length > 0);
  if (lacking) return lackWords(lacking.words, lacking.lacks);
  const [wrong] = content.wrong;
  return wrong ? contentWords(onAir.words, wrong) : null;
}

/** What is preferred to what is on air, and cannot be. */
function lost(entries: readonly ProgrammeEntry[]): string[] {
  const at = entries.findIndex(({ state }) => state === 'onAir');
  return entries
    .slice(0, Math.max(0, at))
    .filter(({ state }) => state === 'away' || state === 'failed')
    .map(
      ({ words, state, reason }) =>
        `${words} ${state === 'away' ? 'is away' : 'has failed'}${reason === null ? '' : `: ${reason}`}`,
    );
}

/** What was told of many is so also where they are a small part: of one network. */
function suffering({ name, audience, distress, slow }: RoomFacts, share: number): string | null {
  const between = distress?.between ?? 0;
  const [viewers, few] = [audience.viewers + between, (audience.suffering ?? 0) + between];
  if (few === 0) return null;
  const isMany = few >= viewers * share || (distress?.of === 'many' && share === some);
  if (!isMany) return null;
  const who = few === 1 && viewers === 1 ? 'the only viewer has' : `${few} of ${viewers} viewers have`;
  const told = [distress, slow].flatMap((one) => one ?? []);
  const why = told.length === 0 ? '' : `: ${told.map(({ reason }) => reason).join('; ')}`;
  const hint = told.at(-1)?.hint ?? `See who: mirolive viewers --room ${name} --sort suffers`;
  return `${who} it bad${why}. ${hint}`;
}

/** Nobody has it bad by it yet: something was read ahead. */
function slowed({ slow }: RoomFacts): string | null {
  return slow && `${slow.reason}. ${slow.hint}`;
}

function shut({ entry }: RoomFacts): string | null {
  if (letsIn(entry)) return null;
  return entry === 'closed'
    ? 'the room is closed: nobody is let in'
    : 'nobody is let in, since the state is lost';
}
