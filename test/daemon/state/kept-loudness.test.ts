import { expect, test } from 'vitest';
import { KeptLoudness } from '../../../src/daemon/state/kept-loudness.ts';
import { maxMeasured } from '../../../src/ingest/sources/loudness-book.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const log = { debug: () => {} };
const loudness = { integratedLufs: -20, truePeakDb: null, rangeLu: 5 };
const file = (path: string, identity = 'first') =>
  ({ what: 'loudness', path, identity, value: { 1: loudness } }) as const;

test('KeptLoudness has what was measured after a restart, the newest of each file', () => {
  using folder = temporaryFolder();
  using first = openState(folder.path);
  const kept = new KeptLoudness(first, log);
  for (const one of [file('/a'), file('/b'), file('/a', 'second')]) kept.keep(one);
  first.close();
  using second = openState(folder.path);
  expect(new KeptLoudness(second, log).all()).toEqual([file('/b'), file('/a', 'second')]);
});

test('KeptLoudness keeps no more than there is room for', () => {
  using folder = temporaryFolder();
  using store = openState(folder.path);
  store.note((database) => {
    const add = database.prepare('INSERT INTO loudness (path, identity, tracks) VALUES (?, ?, ?)');
    for (let at = 0; at < maxMeasured; at++) add.run(`/${at}`, 'first', '{}');
  });
  const kept = new KeptLoudness(store, log);
  kept.keep(file('/new'));
  expect(kept.all()).toHaveLength(maxMeasured);
  expect([kept.all()[0]?.path, kept.all().at(-1)?.path]).toEqual(['/1', '/new']);
});

test('KeptLoudness has nothing where the state cannot be used, or holds something else', () => {
  using folder = temporaryFolder();
  using store = openState(folder.path);
  store.note((database) => {
    database.exec("INSERT INTO loudness (path, identity, tracks) VALUES ('/a', 'first', 'nonsense')");
  });
  const kept = new KeptLoudness(store, log);
  expect(kept.all()).toEqual([]);
  store.close();
  kept.keep(file('/a'));
  expect(kept.all()).toEqual([]);
});
