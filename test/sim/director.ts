import * as fc from 'fast-check';
import type { Control } from '../../src/contract/control.ts';
import { type PlaylistEntrySource, playlistItem, type Source } from '../../src/contract/models.ts';
import { Broken, ScriptedProgramme, type Setting } from './scripted-programme.ts';
import { type Manner, manners } from './scripted-sources.ts';

type Act =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'control'; readonly command: Control }
  | { readonly do: 'source'; readonly name: string; readonly manner: Manner }
  | { readonly do: 'crash'; readonly name: string }
  /** Its process dies, and it is opened again. */
  | { readonly do: 'die' };

const file = (path: string, loop = true): PlaylistEntrySource => ({
  kind: 'file',
  path,
  loop,
  audioTrack: null,
});
const live = (key: string): PlaylistEntrySource => ({ kind: 'publisher', key });
const item = (letter: string, source: PlaylistEntrySource, forMs: number | null = null) =>
  playlistItem.parse({ id: `i-aaaaaaaaa${letter}`, source, forMs });

const list: Source = {
  ...{ kind: 'playlist', loop: true, shuffle: false },
  items: [item('a', file('one', false)), item('b', live('two'), 8000), item('c', file('three', false))],
};
const added = [item('d', file('four', false)), item('e', live('five'), 5000)];
const itemNames = ['one', 'two', 'three', 'four', 'five'];
const names = ['main', ...itemNames, 'backup', 'other', 'stage'];
const ids = ['a', 'b', 'c', 'd', 'e'].map((letter) => `i-aaaaaaaaa${letter}`);

const setting: fc.Arbitrary<Setting> = fc.record({
  main: fc.constantFrom<Source>(file('main'), live('main'), list, { ...list, shuffle: true } as Source),
  fallbacks: fc.constantFrom<readonly Source[]>([], [live('backup')], [file('backup')]),
  failback: fc.constantFrom('auto', 'manual'),
  onContent: fc.constantFrom('tell', 'slate', 'fallback'),
});

const command: fc.Arbitrary<Control> = fc.oneof(
  fc.constantFrom<Control>(
    { type: 'slate', on: true },
    { type: 'slate', on: false },
    { type: 'pause' },
    { type: 'resume' },
    { type: 'release' },
    { type: 'next' },
    { type: 'previous' },
    { type: 'mute', on: true },
    { type: 'mute', on: false },
    { type: 'take', source: file('other', false) },
    { type: 'take', source: live('stage') },
    { type: 'volume', percent: 50 },
  ),
  // One item stays: a list of none has nothing to show.
  fc.constantFrom(...ids.slice(1)).map((item): Control => ({ type: 'remove', item })),
  fc.constantFrom(...ids).map((item): Control => ({ type: 'jump', item })),
  fc
    .tuple(fc.constantFrom(...ids), fc.integer({ min: 0, max: 4 }))
    .map(([item, to]): Control => ({ type: 'move', item, to })),
  fc
    .tuple(fc.constantFrom(...added), fc.constantFrom(null, 0, 1))
    .map(([item, at]): Control => ({ type: 'add', items: [item], at })),
  fc.integer({ min: 0, max: 40_000 }).map((positionMs): Control => ({ type: 'seek', positionMs })),
  fc.integer({ min: -20_000, max: 20_000 }).map((offsetMs): Control => ({ type: 'seekBy', offsetMs })),
);

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 50, 250, 1000, 3000).map((ms): Act => ({ do: 'pass', ms })) },
  { weight: 3, arbitrary: command.map((command): Act => ({ do: 'control', command })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...names), fc.constantFrom(...manners))
      .map(([name, manner]): Act => ({ do: 'source', name, manner })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...names).map((name): Act => ({ do: 'crash', name })) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'die' }) },
);

/** Nothing is started more often than this in a minute by itself: twenty at once, two a second, and what the director starts again. */
const mostStarts = 150;
/** All that was begun is settled after this, in ms: hold times, back-off and openings. */
const settledMs = 20_000;
/** More than the hold time, in s. */
const provenSteps = 12;
/** A list of which all was passed over is tried again after a minute. */
const passedOverMs = 62_000;
/** From any state, where all sources are well and an operator asks for the programme. */
const releasedMs = 10_000;

/** A programme does what was wanted last, whatever its sources do, and whatever dies. */
export const property = fc.asyncProperty(setting, fc.array(act, { maxLength: 100 }), async (how, acts) => {
  const programme = new ScriptedProgramme(how);
  try {
    await programme.open();
    for (const one of acts) await perform(programme, one);
    await judgeSettled(programme);
    await judgeReleased(programme);
    await judgeEnd(programme);
  } catch (error) {
    if (error instanceof Error) error.message += `\n${programme.said.slice(-30).join('\n')}`;
    throw error;
  }
});

async function perform(programme: ScriptedProgramme, one: Act): Promise<void> {
  if (one.do === 'pass') await programme.clock.pass(one.ms);
  else if (one.do === 'source') programme.sources.set(one.name, one.manner);
  else if (one.do === 'crash') {
    programme.said.push(`${programme.clock.nowMs()} ${one.name} crashes`);
    programme.sources.crash(one.name);
  } else if (one.do === 'control') {
    programme.said.push(`${programme.clock.nowMs()} ${JSON.stringify(one.command)}`);
    programme.control(one.command);
    judgeWanted(programme);
  } else {
    programme.said.push(`${programme.clock.nowMs()} dies`);
    await programme.die();
    await programme.open();
    judgeWanted(programme);
  }
}

/** What is wanted is followed as soon as it is told. */
function judgeWanted({ air, sources, wishes: { wanted }, seen, ended, broken }: ScriptedProgramme): void {
  if (ended) return;
  if (broken.length > 0) throw broken[0];
  check(seen?.revision === wanted.revision, `revision ${wanted.revision} is followed, not ${seen?.revision}`);
  const { muted, volumePercent } = wanted;
  check(
    air?.muted === muted && sources.maker.volumePercent === volumePercent,
    'loudness is as it was wanted',
  );
}

/** When nothing new has happened for long, what is on air is the best there is. */
async function judgeSettled(programme: ScriptedProgramme): Promise<void> {
  const { sources } = programme;
  for (const name of names) {
    const manner = sources.mannerOf(name);
    if (manner === 'brief' || manner === 'slow' || manner === 'stuck') sources.set(name, 'well');
  }
  await programme.clock.pass(settledMs);
  judgeWanted(programme);
  let fault = faultOf(programme);
  // What is there again has to prove that it stays; an item of a list may be missed at just this moment.
  for (let more = 0; fault && more < provenSteps; more++) {
    await programme.clock.pass(1000);
    fault = faultOf(programme);
  }
  check(fault === null, fault ?? '');
}

/** What is wrong with what is on air; null: nothing. */
function faultOf(programme: ScriptedProgramme): string | null {
  const { seen, left, clock, failback, sources } = programme;
  const { wanted } = programme.wishes;
  if (!seen || !left || clock.nowMs() - left.atMs > 2000) return `no frames leave, ${left?.words} did last`;
  if (wanted.slate) return left.words === 'slate' ? null : `${left.words} is on air, not the slate`;
  const onAir = seen.candidates.find(({ id }) => id === seen.onAir);
  const isPaused = wanted.chain.some(({ id, paused }) => id === seen.onAir && paused);
  if ((left.words === 'slate') !== (onAir === undefined) && !isPaused)
    return `${left.words} is on air, ${onAir?.id} is said to be`;
  if (isPaused && onAir?.seekable && left.words.startsWith('source'))
    return `${left.words} is on air although it is held`;
  if (onAir && onAir.is.state !== 'onAir') return `what is on air says ${onAir.is.state}`;
  const list = wanted.chain.find(({ id }) => id === seen.onAir)?.source;
  if (list?.kind === 'playlist' && !list.items.some(({ id }) => id === onAir?.item))
    return `${onAir?.item} is on air, which the playlist does not have`;
  // An item of a list is on air again with the next one.
  const isDark = sources.mannerOf(left.words.replace('source ', '')) === 'dark';
  if (programme.actsOnContent && list?.kind !== 'playlist' && isDark)
    return `${left.words} is on air, which is dark`;
  const best = seen.candidates.find(({ is }) => ['ready', 'cutting', 'onAir'].includes(is.state));
  const isBest = failback === 'manual' || best?.id === onAir?.id;
  return isBest ? null : `${best?.id} is the best, ${seen.onAir} is on air`;
}

async function judgeReleased(programme: ScriptedProgramme): Promise<void> {
  programme.sources.allWell();
  programme.control({ type: 'release' });
  const isPassedOver = programme.seen?.candidates.some(({ skipped }) => skipped.length > 0);
  await programme.clock.pass(isPassedOver ? passedOverMs : releasedMs);
  const { seen, left, wishes } = programme;
  const main = wishes.wanted.chain[0];
  const names = main?.source.kind === 'playlist' ? itemNames : ['main'];
  check(seen?.onAir === main?.id, `the programme is on air, not ${seen?.onAir}`);
  check(
    names.some((name) => left?.words === `source ${name}`),
    `the programme is seen, not ${left?.words}`,
  );
}

async function judgeEnd(programme: ScriptedProgramme): Promise<void> {
  await programme.close();
  check(programme.sources.open.size === 0, 'no player is left open');
  check(programme.clock.timers === 0, `no timer is left, ${programme.clock.timers} are`);
  for (const [name, starts] of programme.sources.starts) {
    const most = Math.max(
      ...starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length),
    );
    check(most <= mostStarts, `${name} was started ${most} times in a minute`);
  }
}

function check(isSo: boolean, what: string): void {
  if (!isSo) throw new Broken(what);
}
