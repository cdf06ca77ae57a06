import { expect, test } from 'vitest';
import { childEnvironment } from '../../../src/ingest/child/child-environment.ts';

test.each([
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_TIME',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'DISPLAY',
  'PULSE_SERVER',
])('What a process of ours starts with has %s', (name) =>
  expect(childEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' }),
);

test.each([
  ...['MIROLIVE_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'CREDENTIALS_DIRECTORY', 'SSH_AUTH_SOCK', 'NOTIFY_SOCKET'],
  ...['http_proxy', 'HTTPS_PROXY', 'no_proxy', 'FFREPORT', 'LD_PRELOAD', 'NODE_OPTIONS', 'path', 'XLC_ALL'],
])('What a process of ours starts with lacks %s', (name) =>
  expect(childEnvironment({ [name]: 'x' })).toEqual({}),
);
