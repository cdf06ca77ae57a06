import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conditionOf } from '../../../src/daemon/state/condition.ts';
import { checkLate } from '../../../src/daemon/state/late-check.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

test('What is too large for a start to read whole is read apart, and what is wrong with it told', async () => {
  using folder = temporaryFolder();
  const store = openState(folder.path);
  store.close();
  const examined = (waitMs: number) => conditionOf(folder.path, { whole: true, smallBytes: 0, waitMs });
  // No process begins and ends as soon as this.
  expect(examined(1)).toEqual({ is: 'usable', unread: true });
  expect(examined(600_000)).toEqual({ is: 'usable', unread: false });
  writeFileSync(store.file, readFileSync(store.file).fill(0xff, 4096));
  expect(examined(600_000)).toMatchObject({ is: 'damaged', problem: expect.any(String) });
  const told: string[] = [];
  const health = {
    lost: (part: string, { reason }: { reason: string }) => told.push(`${part}: ${reason}`),
    found: () => {},
  };
  const check = (unread: boolean) => checkLate({ store: { folder: folder.path, unread }, health });
  check(false).cancel();
  check(true);
  await expect
    .poll(() => told, { timeout: 60_000 })
    .toEqual([
      expect.stringMatching(
        /^check of the state: the state is damaged: .*mirolive state restore latest --yes$/,
      ),
    ]);
});
