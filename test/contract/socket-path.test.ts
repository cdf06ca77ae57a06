import { describe, expect, it } from 'vitest';
import {
  type ConfigPathQuestion,
  configFilePath,
  controlSocketPath,
  type SocketPathQuestion,
} from '../../src/contract/socket-path.ts';

const user: SocketPathQuestion = { env: {}, uid: 1000, home: '/home/ada', exists: () => false };
const having =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

describe('controlSocketPath', () => {
  const cases: { name: string; question: Partial<SocketPathQuestion>; expected: string }[] = [
    {
      name: 'takes the flag before all else',
      question: { flag: '/a.sock', env: { MIROLIVE_SOCKET: '/b.sock' }, config: '/c.sock' },
      expected: '/a.sock',
    },
    {
      name: 'takes MIROLIVE_SOCKET before the configuration',
      question: { env: { MIROLIVE_SOCKET: '/b.sock' }, config: '/c.sock' },
      expected: '/b.sock',
    },
    {
      name: 'takes the configuration before the service',
      question: { config: '/c.sock', exists: having('/run/mirolive/control.sock') },
      expected: '/c.sock',
    },
    {
      name: 'does not take an empty variable for a path',
      question: { env: { MIROLIVE_SOCKET: '' }, config: '/c.sock' },
      expected: '/c.sock',
    },
    {
      name: 'makes a relative path absolute',
      question: { flag: 'a.sock' },
      expected: `${process.cwd()}/a.sock`,
    },
    {
      name: "takes the service's socket if it is there",
      question: { env: { XDG_RUNTIME_DIR: '/run/user/1000' }, exists: having('/run/mirolive/control.sock') },
      expected: '/run/mirolive/control.sock',
    },
    {
      name: "takes the service's folder for root",
      question: { uid: 0, exists: having('/run/mirolive') },
      expected: '/run/mirolive/control.sock',
    },
    {
      name: "does not take the service's folder for a user",
      question: { env: { XDG_RUNTIME_DIR: '/run/user/1000' }, exists: having('/run/mirolive') },
      expected: '/run/user/1000/mirolive/control.sock',
    },
    {
      name: "takes the session's runtime folder",
      question: { env: { XDG_RUNTIME_DIR: '/run/user/1000' } },
      expected: '/run/user/1000/mirolive/control.sock',
    },
    {
      name: "falls back to a folder of the user's own",
      question: { config: null },
      expected: '/home/ada/.local/state/mirolive/control.sock',
    },
  ];
  it.each(cases)('$name', ({ question, expected }) => {
    expect(controlSocketPath({ ...user, ...question })).toBe(expected);
  });
});

describe('configFilePath', () => {
  const cases: { name: string; question: Partial<ConfigPathQuestion>; expected: string | null }[] = [
    {
      name: 'takes the flag first',
      question: { flag: '/a.yaml', env: { MIROLIVE_CONFIG: '/b.yaml' } },
      expected: '/a.yaml',
    },
    {
      name: 'takes MIROLIVE_CONFIG next, even where that file is missing',
      question: { env: { MIROLIVE_CONFIG: '/b.yaml' }, exists: having('/etc/mirolive/mirolive.yaml') },
      expected: '/b.yaml',
    },
    {
      name: "takes the system's file if it is there",
      question: { exists: having('/etc/mirolive/mirolive.yaml') },
      expected: '/etc/mirolive/mirolive.yaml',
    },
    { name: 'takes none otherwise', question: {}, expected: null },
  ];
  it.each(cases)('$name', ({ question, expected }) => {
    expect(configFilePath({ env: {}, exists: () => false, ...question })).toBe(expected);
  });
});
