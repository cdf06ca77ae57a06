import { expect, test } from 'vitest';
import { config } from '../../src/contract/config.ts';
import { MiroliveError } from '../../src/contract/errors.ts';
import { Reloading, type ReloadingOptions } from '../../src/daemon/reloading.ts';

const bad = new MiroliveError('INVALID_CONFIG', 'a.yaml:1:1: unknown key htp');

const fileOf = (given: object) => ({ config: config.parse(given), rooms: {} });

function opened(options: Partial<ReloadingOptions>) {
  const told: unknown[] = [];
  const silent = () => {};
  const reloading = new Reloading({
    readConfig: async () => fileOf({}),
    reopenLog: () => {},
    reconfigure: () => [{ key: 'log.level', holds: 'now' }],
    health: {
      lost: (part, { failures }) => void told.push(`${part} lost ${failures}`),
      found: (part) => void told.push(`${part} found`),
    },
    log: { info: silent, warn: silent, error: silent } as never,
    ...options,
  });
  return { reloading, told };
}

test('a reload says what was changed', async () => {
  const { reloading, told } = opened({});
  expect(await reloading.reload()).toEqual([{ key: 'log.level', holds: 'now' }]);
  expect(told).toEqual(['log found', 'configuration found']);
});

test('a file that is wrong changes nothing, and is told for as long as it is', async () => {
  let isBad = true;
  let reconfigured = 0;
  const { reloading, told } = opened({
    readConfig: async () => {
      if (isBad) throw bad;
      return fileOf({});
    },
    reconfigure: () => {
      reconfigured++;
      return [];
    },
  });
  await expect(reloading.reload()).rejects.toBe(bad);
  await expect(reloading.reload()).rejects.toBe(bad);
  expect(reconfigured).toBe(0);
  isBad = false;
  await reloading.reload();
  const found = told.filter((words) => words !== 'log found');
  expect(found).toEqual(['configuration lost 1', 'configuration lost 2', 'configuration found']);
});

test('a log that cannot be opened anew keeps no configuration from being read', async () => {
  const reopenLog = () => {
    throw new Error('EACCES');
  };
  const { reloading, told } = opened({ reopenLog });
  expect(await reloading.reload()).toHaveLength(1);
  expect(told).toEqual(['log lost 1', 'configuration found']);
});

test('what was read later is taken up later, however long the first takes', async () => {
  const first = Promise.withResolvers<void>();
  const taken: number[] = [];
  let reads = 0;
  const { reloading } = opened({
    readConfig: async () => {
      const limits = { viewers: ++reads };
      if (reads === 1) await first.promise;
      return fileOf({ limits });
    },
    reconfigure: ({ config: { limits } }) => {
      taken.push(limits.viewers);
      return [];
    },
  });
  const both = [reloading.reload(), reloading.reload()];
  first.resolve();
  await Promise.all(both);
  expect(taken).toEqual([1, 2]);
});
