import { expect, test } from 'vitest';
import { oneAtATime } from '../../src/daemon/one-at-a-time.ts';

test('What is asked for while it is done is done once more behind that, and never two at a time', async () => {
  const under: PromiseWithResolvers<void>[] = [];
  const ask = oneAtATime(() => {
    under.push(Promise.withResolvers());
    return under.at(-1)?.promise ?? Promise.resolve();
  });
  const finish = async () => {
    under.at(-1)?.resolve();
    await new Promise(setImmediate);
  };
  ask();
  ask();
  ask();
  expect(under).toHaveLength(1);
  await finish();
  expect(under).toHaveLength(2);
  await finish();
  expect(under).toHaveLength(2);
  ask();
  expect(under).toHaveLength(3);
  await finish();
});
