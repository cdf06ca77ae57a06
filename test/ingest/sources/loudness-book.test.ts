import { expect, test } from 'vitest';
import { LoudnessBook } from '../../../src/ingest/sources/loudness-book.ts';

const talk = { path: '/talk.mp4', identity: 'first' };

function book() {
  const told: object[] = [];
  const asked: string[] = [];
  const answers: PromiseWithResolvers<number | null>[] = [];
  const kept = new LoudnessBook<number>({ onFound: (known) => told.push(known) });
  const measure = (name: string) => () => {
    asked.push(name);
    const answer = Promise.withResolvers<number | null>();
    answers.push(answer);
    return answer.promise;
  };
  return { kept, told, asked, answers, measure };
}

/** All that follows of an answer. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('LoudnessBook measures one after the other, and each once', async () => {
  const { kept, told, asked, answers, measure } = book();
  kept.want(talk, '1', measure('first'));
  kept.want(talk, '1', measure('first again'));
  kept.want(talk, '2', measure('second'));
  expect(asked).toEqual(['first']);
  answers[0]?.resolve(-20);
  await settled();
  expect(asked).toEqual(['first', 'second']);
  answers[1]?.resolve(-30);
  await settled();
  expect([kept.find(talk, '1'), kept.find(talk, '2')]).toEqual([-20, -30]);
  expect(told.at(-1)).toEqual({ ...talk, value: { 1: -20, 2: -30 } });
  kept.want(talk, '1', measure('known'));
  expect(asked).toHaveLength(2);
});

test('LoudnessBook forgets a file that is another one by now', async () => {
  const { kept } = book();
  kept.learn({ ...talk, value: { 1: -20 } });
  expect(kept.find({ ...talk, identity: 'second' }, '1')).toBeUndefined();
});

test('LoudnessBook does not try again what cannot be measured', async () => {
  const { kept, told, asked, answers, measure } = book();
  kept.want(talk, '1', measure('first'));
  answers[0]?.reject(new Error('it is gone'));
  await settled();
  kept.want(talk, '1', measure('again'));
  expect([asked, told]).toEqual([['first'], []]);
});

test('LoudnessBook close() is idempotent, and nothing is measured after it', async () => {
  const { kept, told, asked, answers, measure } = book();
  kept.want(talk, '1', measure('first'));
  kept.want(talk, '2', measure('second'));
  const closed = kept.close();
  answers[0]?.resolve(-20);
  await Promise.all([closed, kept.close()]);
  kept.want(talk, '3', measure('third'));
  expect([asked, told]).toEqual([['first'], []]);
});
