import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openOutbox } from '../../../src/daemon/hooks/open-outbox.ts';
import { temporaryFolder } from '../../helpers/state.ts';

const posting = {
  ...{ event: 'e-aaaaaaaaaa', type: 'source.away', room: 'a', at: 'now', data: '{}' },
  ...{ passing: false, webhooks: ['one'] },
};

test('the outbox is its owner’s alone, and what is in it is there again', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'outbox.db');
  const { outbox, setAside } = openOutbox(file, 0);
  outbox.put([posting], 1);
  expect([setAside, statSync(file).mode & 0o777]).toEqual([null, 0o600]);
  outbox.close();
  const again = openOutbox(file, 0).outbox;
  expect(again.due('one', [], 1)?.event).toBe('e-aaaaaaaaaa');
  again.close();
});

test('one that cannot be read is set aside, and begun anew', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'outbox.db');
  writeFileSync(file, 'no database at all, though it is long enough to be one'.repeat(100));
  const { outbox, setAside } = openOutbox(file, 0);
  expect(setAside).toBe(`${file}.damaged-1970-01-01T00-00-00-000Z`);
  expect(existsSync(setAside ?? '')).toBe(true);
  outbox.put([posting], 1);
  expect(outbox.figures('one').waiting).toBe(1);
  outbox.close();
  expect(readdirSync(folder.path).toSorted()).toEqual([
    'outbox.db',
    'outbox.db.damaged-1970-01-01T00-00-00-000Z',
  ]);
});
