import { expect, it } from 'vitest';
import { servicesInstead, stateFolder } from '../../src/files/state-folder.ts';

const service = '/var/lib/mirolive';
const cases: {
  name: string;
  configured: string | null;
  env: Record<string, string>;
  there: string[];
  expected: string;
}[] = [
  { name: 'what is configured', configured: '/srv/state', env: {}, there: [service], expected: '/srv/state' },
  {
    name: "the service's where it may be written",
    configured: null,
    env: {},
    there: [service],
    expected: service,
  },
  {
    name: 'what systemd made for the unit',
    configured: null,
    env: { STATE_DIRECTORY: '/var/lib/a:/var/lib/b' },
    there: [service],
    expected: '/var/lib/a',
  },
  {
    name: 'XDG_STATE_HOME',
    configured: null,
    env: { XDG_STATE_HOME: '/x' },
    there: [],
    expected: '/x/mirolive',
  },
  {
    name: "a folder of the user's own",
    configured: null,
    env: { XDG_STATE_HOME: '' },
    there: [],
    expected: '/home/ann/.local/state/mirolive',
  },
];

it.each(cases)('stateFolder gives $name', ({ configured, env, there, expected }) => {
  const writable = (path: string) => there.includes(path);
  expect(stateFolder({ configured, env, home: '/home/ann', writable })).toBe(expected);
});

const own = '/home/ann/.local/state/mirolive';
it.each([
  { name: 'nothing where it is the one', folder: service, there: [service], expected: null },
  { name: 'nothing where there is none', folder: own, there: [], expected: null },
  { name: 'it where it may not be used', folder: own, there: [service], expected: service },
  {
    name: "nothing beside a state of one's own",
    folder: own,
    there: [service, `${own}/state.lock`],
    expected: null,
  },
  {
    name: 'nothing beside what is configured',
    folder: '/srv',
    configured: '/srv',
    there: [service],
    expected: null,
  },
])('servicesInstead gives $name', ({ configured = null, folder, there, expected }) => {
  expect(servicesInstead({ configured, env: {}, folder, there: (path) => there.includes(path) })).toBe(
    expected,
  );
});
