import { expect, test } from 'vitest';
import { type Known, likelyCause } from '../../../src/daemon/viewers/likely-cause.ts';
import { nextStep } from '../../../src/daemon/viewers/next-step.ts';

const known: Known = {
  ...{ who: { by: 'all' }, most: 'loss', network: null, networks: 2, mediaPort: 29400, trouble: null },
  strain: { lagMs: 3, workerPercent: 20, cpuPercent: 50, others: { cores: 0.2, of: 2 } },
};
const network = { by: 'network', address: '192.0.2.0/24' } as const;
const trouble = 'ffmpeg failed: no';

test.each<{ name: string; facts: Partial<Known>; expected: string; says: string; leads: string }>([
  {
    name: 'packets are lost everywhere',
    facts: {},
    expected: 'line',
    says: 'the line of this server',
    leads: '--sort loss',
  },
  {
    name: 'nothing is known of the server',
    facts: { strain: { lagMs: 0, workerPercent: null, cpuPercent: null, others: null } },
    expected: 'line',
    says: 'several networks',
    leads: '--sort loss',
  },
  {
    name: 'one network suffers, whatever else',
    facts: { who: network, trouble },
    expected: 'line',
    says: '192.0.2.0/24',
    leads: '--sort loss',
  },
  {
    name: 'a worker is busy',
    facts: { strain: { ...known.strain, workerPercent: 90 }, trouble },
    expected: 'server',
    says: '90 % of a core',
    leads: 'mirolive tui',
  },
  {
    name: 'the machine is',
    facts: { strain: { ...known.strain, cpuPercent: 95 } },
    expected: 'server',
    says: 'all cores',
    leads: 'mirolive tui',
  },
  {
    name: 'the daemon is late',
    facts: { strain: { ...known.strain, lagMs: 250 } },
    expected: 'server',
    says: '250 ms late',
    leads: 'mirolive tui',
  },
  {
    name: 'something went wrong on air',
    facts: { trouble },
    expected: 'source',
    says: 'ffmpeg failed',
    leads: 'mirolive events --since 5m --room lobby',
  },
  {
    name: 'pictures stand still and nothing is lost',
    facts: { most: 'frozen' },
    expected: 'source',
    says: 'stand still',
    leads: 'mirolive events --since 5m --room lobby',
  },
  {
    name: 'one rendition is bad',
    facts: { who: { by: 'rendition', rendition: '720p' } },
    expected: 'source',
    says: '720p',
    leads: 'mirolive events --since 5m --room lobby',
  },
  {
    name: 'browsers lack a decoder',
    facts: { most: 'picture', who: network },
    expected: 'source',
    says: 'decoder',
    leads: 'mirolive programme --room lobby',
  },
  {
    name: 'nobody gets through',
    facts: { most: 'connecting' },
    expected: 'line',
    says: 'no media gets through: UDP/TCP port 29400 is blocked on the way, or the announced address is wrong',
    leads: 'mirolive doctor',
  },
  {
    name: 'nobody gets through, however busy the machine is',
    facts: { most: 'connecting', trouble, strain: { ...known.strain, cpuPercent: 100, lagMs: 900 } },
    expected: 'line',
    says: 'blocked on the way',
    leads: 'mirolive doctor',
  },
  {
    name: 'nobody gets through to one network',
    facts: { most: 'connecting', who: network },
    expected: 'line',
    says: 'to 192.0.2.0/24, and to others it does',
    leads: 'mirolive doctor',
  },
  {
    name: 'nobody gets through, and the worker has no time',
    facts: { most: 'connecting', strain: { ...known.strain, workerPercent: 97 } },
    expected: 'server',
    says: '97 % of a core',
    leads: 'mirolive tui',
  },
  {
    name: 'other programs take the machine',
    facts: { strain: { ...known.strain, cpuPercent: 100, others: { cores: 1.84, of: 2 } } },
    expected: 'server',
    says: 'other programs take 1.8 of 2 cores',
    leads: ': top',
  },
  {
    name: 'the daemon is late since others take the machine',
    facts: { strain: { ...known.strain, lagMs: 400, others: { cores: 1.7, of: 2 } } },
    expected: 'server',
    says: 'other programs take 1.7 of 2 cores',
    leads: ': top',
  },
  {
    name: 'packets are lost to one network alone, however busy the machine is',
    facts: { network: '192.0.2.0/24', strain: { ...known.strain, cpuPercent: 100 } },
    expected: 'line',
    says: '192.0.2.0/24 alone',
    leads: '--sort loss',
  },
  {
    name: 'pictures stand still in one network, and the machine is busy',
    facts: { most: 'frozen', who: network, strain: { ...known.strain, cpuPercent: 100 } },
    expected: 'server',
    says: 'all cores',
    leads: 'mirolive tui',
  },
  {
    name: 'pictures stand still in one network, and something went wrong on air',
    facts: { most: 'frozen', who: network, network: '192.0.2.0/24', trouble },
    expected: 'source',
    says: 'ffmpeg failed',
    leads: 'mirolive events --since 5m --room lobby',
  },
  {
    name: 'pictures stand still in one network',
    facts: { most: 'frozen', who: network },
    expected: 'line',
    says: 'in 192.0.2.0/24, and others fare well: its line, or the machines there',
    leads: '--sort freezes',
  },
  {
    name: 'pictures stand still where few others tell of theirs',
    facts: { most: 'frozen', network: '192.0.2.0/24' },
    expected: 'source',
    says: 'although little is lost on the way',
    leads: 'mirolive events --since 5m --room lobby',
  },
  {
    name: 'packets are lost on the way to the only network',
    facts: { networks: 1 },
    expected: 'line',
    says: 'the one network of which that is known: its line, or the line of this server',
    leads: '--sort loss',
  },
])('likelyCause is the $expected where $name', ({ facts, expected, says, leads }) => {
  const all = { ...known, ...facts };
  const { cause, reason, next } = likelyCause(all);
  expect({ cause, reason }).toEqual({ cause: expected, reason: expect.stringContaining(says) });
  expect(nextStep(next, 'lobby', all.most)).toContain(leads);
});
