import { expect, test } from 'vitest';
import * as z from 'zod';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { Line, maxOpenCalls, onceOver } from '../../../src/ingest/child/line.ts';
import { message } from '../../../src/ingest/child/message.ts';
import { Nonsense } from '../../../src/ingest/child/told.ts';

test('Line does nothing for what comes after its end', () => {
  const sent: unknown[] = [];
  const acts: unknown[] = [];
  const act = (what: unknown) => void acts.push(what);
  const line = new Line<object>((message) => sent.push(message));
  line.handle({ type: 'tell', name: 'act', what: 'before' }, { act });
  line.end(new Error('over'));
  line.handle({ type: 'tell', name: 'act', what: 'after' }, { act });
  line.handle({ type: 'ask', call: 1, name: 'act', what: 'after', held: true }, { act });
  expect({ sent, acts }).toEqual({ sent: [], acts: ['before'] });
});

type Counted = Record<'hold' | 'fail' | 'act', (count: number) => void>;

/** The side that is told and asked, and what it lets go of. */
function asked() {
  const released: number[] = [];
  const line = new Line<object>(() => {});
  const answers = {
    hold: (count: number, signal: AbortSignal) => onceOver(signal, () => released.push(count)),
    fail: (count: number, signal: AbortSignal) => {
      onceOver(signal, () => released.push(count));
      throw new Error('it fails');
    },
  };
  const senses = { hold: z.int(), fail: z.int() };
  const ask = (call: number, what: unknown = call, name = 'hold') =>
    line.handle<Pick<Counted, 'hold' | 'fail'>>(
      { type: 'ask', call, name, what, held: true },
      answers,
      senses,
    );
  return { line, ask, released };
}

test('Line refuses a number that another open call has, and takes it once that is over', () => {
  const { line, ask, released } = asked();
  ask(1);
  expect(() => ask(1)).toThrow(Nonsense);
  line.handle({ type: 'release', call: 1 }, {});
  ask(1);
  expect(released).toEqual([1]);
});

test('Line bears so many open calls, and no more', () => {
  const { line, ask } = asked();
  for (let call = 1; call <= maxOpenCalls; call++) ask(call);
  expect(() => ask(maxOpenCalls + 1)).toThrow(Nonsense);
  line.handle({ type: 'release', call: 7 }, {});
  ask(maxOpenCalls + 1);
});

test.each([
  { name: 'told', type: 'tell' },
  { name: 'asked', type: 'ask', call: 1, held: false },
] as const)('Line takes nothing that makes no sense, where it is $name', ({ name: _, ...message }) => {
  const { line } = asked();
  const acts: unknown[] = [];
  const act = (one: number) => void acts.push(one);
  const handle = (what: unknown) =>
    line.handle<Pick<Counted, 'act'>>({ ...message, name: 'act', what }, { act }, { act: z.int() });
  handle(1);
  expect(() => handle('1')).toThrow('it told what makes no sense: invalid_type at its top');
  expect(acts).toEqual([1]);
});

interface Answered {
  count(of: null): number;
  tidy(of: null): void;
}

test.each([
  { asks: 'count', value: 1, isSense: true },
  { asks: 'count', value: '1', isSense: false },
  { asks: 'tidy', value: undefined, isSense: true },
  { asks: 'tidy', value: 1, isSense: false },
] as const)('Line takes no answer that makes no sense: $value to $asks', async ({ asks, value, isSense }) => {
  const line = new Line<Answered>(() => {}, { count: z.int() });
  const answer = line.ask(asks, null);
  const handle = () => line.handle({ type: 'answer', call: 1, value }, {});
  if (isSense) handle();
  else expect(handle).toThrow(Nonsense);
  // Whoever waits hears why it is over.
  line.end(new Error('over'));
  expect(await answer.catch(({ message }) => message)).toBe(isSense ? value : 'over');
  // What comes late is for nobody.
  line.handle({ type: 'answer', call: 1, value: 'late' }, {});
});

test('Line lets go of what a call stood for that failed', async () => {
  const { ask, released } = asked();
  ask(1, 1, 'fail');
  await new Promise(setImmediate);
  expect(released).toEqual([1]);
});

test.each([
  new MiroliveError('SOURCE_PRIVATE_ADDRESS', 'expected a public address'),
  new MiroliveError('SOURCE_NOT_MEDIA', 'expected media'),
  new MiroliveError('SOURCE_UNREACHABLE', 'not trusted', { hint: 'Trust it', forAdmin: true }),
])('Line tells of an error all that the other side needs: $code', async (error) => {
  interface Failing {
    fail(of: null): number;
  }
  const answers = { fail: () => Promise.reject(error) };
  const other = new Line<object>((said) => line.handle(message.parse(JSON.parse(JSON.stringify(said))), {}));
  const line: Line<Failing> = new Line<Failing>(
    (said) => void other.handle<Failing>(said, answers, { fail: z.null() }),
    { fail: z.int() },
  );
  const heard = await line.ask('fail', null).catch((thrown: MiroliveError) => thrown);
  const { code, message: words, hint, forAdmin } = error;
  expect(heard).toMatchObject({ code, message: words, hint, forAdmin });
});
