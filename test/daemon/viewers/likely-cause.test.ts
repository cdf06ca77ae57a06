import { expect, test } from 'vitest';
import { type Known, likelyCause } from '../../../src/daemon/viewers/likely-cause.ts';

const known: Known = {
  ...{ who: { by: 'all' }, most: 'loss', trouble: null },
  strain: { lagMs: 3, workerPercent: 20, cpuPercent: 50 },
};
const network = { by: 'network', address: '192.0.2.0/24' } as const;
const trouble = 'ffmpeg failed: no';

test.each<{ name: string; facts: Partial<Known>; expected: string; says: string }>([
  { name: 'packets are lost everywhere', facts: {}, expected: 'line', says: 'the line of this server' },
  {
    name: 'nothing is known of the server',
    facts: { strain: { lagMs: 0, workerPercent: null, cpuPercent: null } },
    expected: 'line',
    says: 'several networks',
  },
  {
    name: 'one network suffers, whatever else',
    facts: { who: network, trouble },
    expected: 'line',
    says: '192.0.2.0/24',
  },
  {
    name: 'a worker is busy',
    facts: { strain: { ...known.strain, workerPercent: 90 }, trouble },
    expected: 'server',
    says: '90 % of a core',
  },
  {
    name: 'the machine is',
    facts: { strain: { ...known.strain, cpuPercent: 95 } },
    expected: 'server',
    says: 'all cores',
  },
  {
    name: 'the daemon is late',
    facts: { strain: { ...known.strain, lagMs: 250 } },
    expected: 'server',
    says: '250 ms late',
  },
  { name: 'something went wrong on air', facts: { trouble }, expected: 'source', says: 'ffmpeg failed' },
  {
    name: 'pictures stand still and nothing is lost',
    facts: { most: 'frozen' },
    expected: 'source',
    says: 'stand still',
  },
  {
    name: 'one rendition is bad',
    facts: { who: { by: 'rendition', rendition: '720p' } },
    expected: 'source',
    says: '720p',
  },
  {
    name: 'browsers lack a decoder',
    facts: { most: 'picture', who: network },
    expected: 'source',
    says: 'decoder',
  },
  { name: 'nobody gets through', facts: { most: 'connecting' }, expected: 'line', says: 'UDP' },
])('likelyCause is the $expected where $name', ({ facts, expected, says }) => {
  const { cause, reason } = likelyCause({ ...known, ...facts });
  expect({ cause, reason }).toEqual({ cause: expected, reason: expect.stringContaining(says) });
});
