import { expect, test } from 'vitest';
import { Deliveries, type Receiver, type WebhookFact } from '../../../src/daemon/hooks/deliveries.ts';
import type { Outcome } from '../../../src/daemon/hooks/delivery-plan.ts';
import { Outbox, type Posting } from '../../../src/daemon/hooks/outbox.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const hour = 3_600_000;
const taken: Outcome = { is: 'taken', status: 200 };
const away: Outcome = { is: 'away', status: null, problem: 'nobody answers', retryAfterMs: null };
const refused: Outcome = { is: 'refused', status: 500, problem: 'it answered 500', retryAfterMs: null };
const hangs = new Promise<never>(() => {});

interface Sent {
  readonly to: string;
  readonly event: string;
  readonly atMs: number;
}

/** What becomes of each try is for a test to say. */
function sending(
  answer: (sent: Sent, times: number) => Outcome | Promise<Outcome>,
  { clock = new VirtualClock(), outbox = Outbox.open(':memory:') } = {},
) {
  const sent: Sent[] = [];
  const facts: WebhookFact[] = [];
  const times = new Map<string, number>();
  const deliveries = new Deliveries({
    ...{ outbox, clock, chance: () => 0, tell: (fact: WebhookFact) => facts.push(fact) },
    post: async ({ id }: Receiver, { id: event }) => {
      const one = { to: id, event, atMs: clock.nowMs() };
      sent.push(one);
      const time = (times.get(`${id} ${event}`) ?? 0) + 1;
      times.set(`${id} ${event}`, time);
      return answer(one, time);
    },
  });
  const happen = async (rooms: readonly string[], webhooks: readonly string[] = ['one']) => {
    const postings = rooms.map(
      (room, index): Posting => ({
        ...{ event: `${room}${index + 1}`, type: 'source.away', room, at: 'now' },
        ...{ data: '{}', passing: false, webhooks },
      }),
    );
    outbox.put(postings, clock.wallMs());
    deliveries.wake();
    await clock.pass(0);
  };
  const set = (...ids: string[]) => deliveries.set(ids.map((id) => ({ id, url: 'http://a', secret: 'x' })));
  const events = (to = 'one') => sent.filter((one) => one.to === to).map(({ event }) => event);
  const close = () => {
    deliveries.close();
    outbox.close();
    expect(clock.timers).toBe(0);
  };
  return { clock, outbox, deliveries, sent, facts, happen, set, events, close };
}

test('what happens is sent at once, each once, and of a room in order', async () => {
  const { happen, set, events, close } = sending(() => taken);
  set('one');
  await happen(['a', 'a', 'b', 'a', 'b']);
  expect(events().filter((event) => event.startsWith('a'))).toEqual(['a1', 'a2', 'a4']);
  expect(events().filter((event) => event.startsWith('b'))).toEqual(['b3', 'b5']);
  close();
});

test('of a room one is under way at most, and of a receiver four', async () => {
  const { happen, set, events, close } = sending(() => hangs);
  set('one');
  await happen(['a', 'a', 'b', 'c', 'd', 'e']);
  expect(events()).toEqual(['a1', 'b3', 'c4', 'd5']);
  close();
});

test('a receiver that hangs holds up no other', async () => {
  const { happen, set, events, close } = sending(({ to }) => (to === 'one' ? hangs : taken));
  set('one', 'two');
  await happen(['a', 'a', 'a', 'b', 'c', 'd', 'e'], ['one', 'two']);
  expect(events('two').toSorted()).toEqual(['a1', 'a2', 'a3', 'b4', 'c5', 'd6', 'e7']);
  close();
});

test('what is refused holds up nothing of its room, and is tried again by itself', async () => {
  const { clock, happen, set, events, outbox, close } = sending(({ event }, time) =>
    event === 'a1' && time < 4 ? refused : taken,
  );
  set('one');
  await happen(['a', 'a', 'a']);
  expect(events().slice(0, 3)).toEqual(['a1', 'a2', 'a3']);
  await clock.pass(10_000);
  expect(events().slice(3)).toEqual(['a1', 'a1', 'a1']);
  expect(outbox.figures('one').waiting).toBe(0);
  close();
});

test('a receiver that is dead for hours is asked twice a minute, gets all once it is back, of a room in order but for what stood aside, and none twice', async () => {
  let isDead = true;
  const { clock, happen, set, sent, events, outbox, facts, close } = sending(() => (isDead ? away : taken));
  set('one');
  await happen(Array(20).fill('a'));
  await clock.pass(6 * hour);
  const asked = sent.filter(({ atMs }) => atMs > hour && atMs <= 2 * hour).length;
  expect(asked).toBeGreaterThan(100);
  expect(asked).toBeLessThan(130);
  expect(facts).toEqual([{ is: 'failing', webhook: 'one', problem: 'nobody answers' }]);
  const before = sent.length;
  isDead = false;
  await clock.pass(60_000);
  const [probe, ...rest] = events().slice(before);
  const all = Array.from({ length: 20 }, (_, index) => `a${index + 1}`);
  expect(rest).toEqual(all.filter((event) => event !== probe));
  expect(outbox.figures('one').waiting).toBe(0);
  expect(facts.at(-1)).toEqual({ is: 'well', webhook: 'one' });
  close();
});

test('what is not taken for a day is given up, and told; what comes later is not', async () => {
  const { clock, happen, set, outbox, facts, close } = sending(() => away);
  set('one');
  await happen(['a', 'b']);
  await clock.pass(23 * hour);
  await happen(['c']);
  await clock.pass(hour + 120_000);
  expect(facts.at(-1)).toEqual({ is: 'lost', webhook: 'one', count: 2, why: 'late' });
  expect(outbox.log('one', 9).map(({ event, state }) => [event, state])).toEqual([
    ['c1', 'waiting'],
    ['b2', 'failed'],
    ['a1', 'failed'],
  ]);
  close();
});

test('one thing that makes a receiver hang does not hold up the rest of its room for long', async () => {
  const { clock, happen, set, events, close } = sending(({ event }) => (event === 'a1' ? away : taken));
  set('one');
  await happen(['a', 'a', 'a']);
  await clock.pass(10_000);
  expect(events()).toEqual(expect.arrayContaining(['a2', 'a3']));
  close();
});

test('a receiver that refused all for hours gets all as soon as it takes the next', async () => {
  let isBroken = true;
  const { clock, happen, set, outbox, close } = sending(() => (isBroken ? refused : taken));
  set('one');
  await happen(Array(5).fill('a'));
  await clock.pass(6 * hour);
  isBroken = false;
  await happen(['b']);
  await clock.pass(30_000);
  expect(outbox.figures('one').waiting).toBe(0);
  close();
});

test('a receiver that asks to be left alone is', async () => {
  const busy: Outcome = { ...away, status: 429, retryAfterMs: 60_000 };
  const { clock, happen, set, sent, close } = sending((_, time) => (time === 1 ? busy : taken));
  set('one');
  await happen(['a']);
  await clock.pass(59_000);
  expect(sent).toHaveLength(1);
  await clock.pass(1000);
  expect(sent).toHaveLength(2);
  close();
});

test('a receiver that is gone is sent nothing any more, which is told once', async () => {
  const gone: Outcome = { is: 'gone', status: 410, problem: 'it answered 410' };
  const { clock, happen, set, sent, facts, deliveries, close } = sending(() => gone);
  set('one');
  await happen(['a', 'a', 'a']);
  await clock.pass(hour);
  expect(sent).toHaveLength(1);
  expect(facts).toEqual([{ is: 'ended', webhook: 'one', reason: 'it answered 410' }]);
  expect(deliveries.figures('one')).toBeNull();
  close();
});

test('one that was removed while something was under way is sent nothing more, and a new address is used', async () => {
  const answers: (() => void)[] = [];
  const { clock, happen, set, sent, close } = sending(
    () => new Promise((resolve) => answers.push(() => resolve(away))),
  );
  set('one');
  await happen(['a', 'a']);
  set();
  answers[0]?.();
  await clock.pass(hour);
  expect(sent).toHaveLength(1);
  close();
});

test('somebody who wants it now has it tried now', async () => {
  const { clock, happen, set, sent, deliveries, outbox, close } = sending(() => away);
  set('one');
  await happen(['a']);
  await clock.pass(hour);
  const before = sent.length;
  outbox.again('one', ['a1'], clock.wallMs());
  deliveries.hurry('one');
  await clock.pass(0);
  expect(sent.length).toBe(before + 1);
  close();
});

test('close() is idempotent, and what comes in after it changes nothing', async () => {
  let answer: (outcome: Outcome) => void = () => {};
  const { happen, set, outbox, deliveries, clock, close } = sending(
    () => new Promise<Outcome>((resolve) => (answer = resolve)),
  );
  set('one');
  await happen(['a']);
  deliveries.close();
  answer(taken);
  await clock.pass(hour);
  expect(outbox.figures('one').waiting).toBe(1);
  close();
});

test('of a webhook that has ended, or grown quiet, nothing waits, and nothing is kept for longer than a day', async () => {
  const { set, happen, outbox, clock, close } = sending(({ to }) =>
    to === 'one' ? { is: 'gone', status: 410, problem: 'it answered 410', retryAfterMs: null } : taken,
  );
  set('one', 'two');
  await happen(['a', 'a', 'a'], ['one', 'two']);
  expect(outbox.log('one', 9).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
  expect(outbox.log('two', 9).map(({ state }) => state)).toEqual(['taken', 'taken', 'taken']);
  await clock.pass(26 * hour);
  expect([outbox.log('one', 9), outbox.log('two', 9)]).toEqual([[], []]);
  close();
});

test('what a receiver asked of an earlier daemon holds: nothing is sent before, unless a person wants it', async () => {
  const busy: Outcome = { ...away, status: 429, retryAfterMs: 60_000 };
  const { clock, outbox, deliveries, happen, set, events, close } = sending(() => busy);
  set('one', 'two');
  await happen(['a']);
  await happen(['b'], ['two']);
  deliveries.close();
  await clock.pass(20_000);
  const later: string[] = [];
  const next = new Deliveries({
    ...{ outbox, clock, chance: () => 0, tell: () => {} },
    post: async ({ id }, { id: event }) => {
      later.push(`${id} ${event}`);
      return taken;
    },
  });
  next.set(['one', 'two'].map((id) => ({ id, url: 'http://a', secret: 'x' })));
  await clock.pass(39_000);
  expect([events(), later]).toEqual([['a1'], []]);
  next.hurry('two');
  await clock.pass(0);
  expect(later).toEqual(['two b1']);
  await clock.pass(1000);
  expect(later).toEqual(['two b1', 'one a1']);
  expect(outbox.pausedUntil('two')).toBe(0);
  next.close();
  close();
});

const asks = (seconds: number): Outcome => ({ ...away, status: 429, retryAfterMs: seconds * 1000 });

test.each([
  { name: 'it asks for a minute', answers: [asks(60)], afterMs: 60_000 },
  { name: 'it takes what was on its way', answers: [asks(60), taken], afterMs: 60_000 },
  { name: 'it has taken another thing before', answers: [taken, asks(60)], afterMs: 60_000 },
  { name: 'it does not say it again', answers: [asks(60), away], afterMs: 60_000 },
  { name: 'it refuses another thing', answers: [asks(60), refused], afterMs: 60_000 },
  { name: 'it asks for less', answers: [asks(60), asks(1)], afterMs: 60_000 },
  { name: 'it asks for more', answers: [asks(1), asks(60)], afterMs: 60_000 },
  { name: 'it asks for less after it has taken one', answers: [asks(60), taken, asks(5)], afterMs: 60_000 },
])(
  'what a receiver asked for while several were under way holds for this daemon and for the next: $name',
  async ({ answers, afterMs }) => {
    for (const isNext of [false, true]) {
      const waiting: ((outcome: Outcome) => void)[] = [];
      const first = sending((_, time) =>
        time > 1 ? taken : new Promise((resolve) => waiting.push(resolve)),
      );
      const { clock } = first;
      first.set('one');
      await first.happen(['a', 'b', 'c'].slice(0, answers.length));
      for (const [index, outcome] of answers.entries()) {
        waiting[index]?.(outcome);
        await clock.pass(0);
      }
      if (isNext) first.deliveries.close();
      const daemon = isNext ? sending(() => taken, first) : first;
      daemon.set('one');
      const [before, fromMs] = [daemon.sent.length, clock.nowMs()];
      await daemon.happen(['z']);
      await clock.pass(2 * afterMs);
      expect(daemon.sent.at(before)).toMatchObject({ atMs: fromMs + afterMs });
      daemon.close();
    }
  },
);

/** As the machine's: between two looks at it time passes, and no whole ms; the wall clock knows whole ones alone. */
class RestlessClock extends VirtualClock {
  #looks = 0;

  override nowMs(): number {
    return super.nowMs() + this.#looks++ / 1024;
  }

  override wallMs(): number {
    return Math.floor(super.wallMs());
  }
}

test('what a receiver asked for is kept by a clock that knows parts of a millisecond, and not once it is gone', async () => {
  const clock = new RestlessClock();
  const gone: Outcome = { is: 'gone', status: 410, problem: 'it answered 410' };
  const { outbox, happen, set, close } = sending((_, time) => (time === 1 ? asks(60) : gone), { clock });
  set('one');
  await happen(['a']);
  expect(outbox.pausedUntil('one') - clock.wallMs()).toBeCloseTo(60_000, -1);
  await clock.pass(61_000);
  expect(outbox.pausedUntil('one')).toBe(0);
  close();
});
