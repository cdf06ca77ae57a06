import { expect, test } from 'vitest';
import { Playlist } from '../../../../src/contract/playlist/playlist.ts';
import { sourceWords } from '../../../../src/contract/source-words.ts';
import type { Prepared } from '../../../../src/ingest/process/players/player-maker.ts';
import { ItemFacts } from '../../../../src/ingest/process/playlist/item-facts.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { ScriptedSources } from '../../../sim/scripted-sources.ts';
import { file, item } from '../director/scripted.ts';

const one = item('a', file('one'));
const two = item('b', file('two'));
const never = new AbortController().signal;
const prepared = (durationMs: number): Prepared => ({
  ...{ source: one.source, planned: null, live: false, exclusive: false, durationMs, probe: null },
});

/** What is known of a playlist, whose looks end when a test says so. */
function known() {
  const clock = new VirtualClock();
  const looks: PromiseWithResolvers<Prepared>[] = [];
  const lengths: PromiseWithResolvers<number | null>[] = [];
  const playlist = new Playlist({ items: [one, two], loop: false, shuffle: false });
  const look = <T>(asked: PromiseWithResolvers<T>[]) => {
    const answer = Promise.withResolvers<T>();
    asked.push(answer);
    return answer.promise;
  };
  const { maker } = new ScriptedSources(clock);
  const measured: string[] = [];
  const own = {
    ...{ ...maker, prepare: () => look(looks), durationMs: () => look(lengths) },
    measureAhead: async (source: Prepared['source']) => void measured.push(sourceWords(source)),
  };
  return { clock, looks, lengths, measured, playlist, facts: new ItemFacts(playlist, own, clock) };
}

test('ItemFacts keeps a newer look where an older answer is refused late', async () => {
  const { clock, looks, facts } = known();
  const old = Promise.withResolvers<Prepared>();
  facts.keep(one, old.promise);
  facts.forget(one);
  const found = facts.prepare(one, never);
  old.reject(new Error('it is not there'));
  await clock.pass(1);
  looks[0]?.resolve(prepared(2000));
  expect(await found).toEqual(prepared(2000));
  void facts.prepare(one, never);
  await clock.pass(1);
  expect(looks).toHaveLength(1);
});

test.each(['found', 'refused'])(
  'ItemFacts keeps a newer answer where one that was renewed is %s late',
  async (how) => {
    const { clock, looks, facts } = known();
    facts.keep(one, Promise.resolve(prepared(1000)));
    facts.renew(one, never);
    facts.keep(one, Promise.resolve(prepared(2000)));
    if (how === 'found') looks[0]?.resolve(prepared(1500));
    else looks[0]?.reject(new Error('it is not there'));
    await clock.pass(1);
    const found: Prepared[] = [];
    void facts.prepare(one, never).then((known) => found.push(known));
    await clock.pass(1);
    expect(found).toEqual([prepared(2000)]);
    expect(facts.durationsMs.get(one.id)).toBe(2000);
  },
);

test('ItemFacts knows nothing of an item that was taken out, whatever is found out of it later', async () => {
  const { clock, looks, lengths, playlist, facts } = known();
  facts.keep(one, Promise.resolve(prepared(1000)));
  await clock.pass(1);
  facts.renew(one, never);
  facts.survey();
  playlist.remove(one.id);
  playlist.remove(two.id);
  facts.adopted(null);
  looks[0]?.resolve(prepared(1500));
  lengths[0]?.resolve(3000);
  await clock.pass(1);
  expect([...facts.durationsMs.keys(), ...facts.live.keys()]).toEqual([]);
  expect(facts.news()).toBeNull();
});

test('ItemFacts tells whether an item is still what it was', async () => {
  const { clock, looks, facts } = known();
  const [seen, other] = [100, 200].map((sizeBytes) => ({ sizeBytes }) as NonNullable<Prepared['probe']>);
  const first = { ...prepared(400), probe: seen ?? null };
  facts.keep(one, Promise.resolve(first));
  for (const [at, probe, holds] of [
    // As it comes from another process.
    [0, seen && { ...seen }, true],
    [1, other, false],
  ] as const) {
    facts.renew(one, never);
    looks[at]?.resolve({ ...prepared(400), probe: probe ?? null });
    await clock.pass(1);
    expect(facts.holds(one, first)).toBe(holds);
  }
  facts.keep(one, Promise.resolve(first));
  await clock.pass(1);
  facts.renew(one, never);
  looks[2]?.reject(new Error('it is being replaced'));
  await clock.pass(1);
  expect(facts.holds(one, first)).toBe(true);
  facts.renew(one, never);
  looks[3]?.resolve({ ...prepared(400), probe: other ?? null });
  await clock.pass(1);
  expect(facts.holds(one, first)).toBe(false);
});

test('ItemFacts has the sound of an item measured once, and again where its file is another one', async () => {
  const { clock, measured, facts } = known();
  facts.survey();
  await clock.pass(1);
  facts.survey();
  await clock.pass(1);
  expect(measured).toEqual(['one', 'two']);
  facts.renewed([two.id]);
  facts.adopted(null);
  await clock.pass(1);
  expect(measured).toEqual(['one', 'two', 'two']);
});
