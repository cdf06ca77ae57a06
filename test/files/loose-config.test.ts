import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPlaces, readSocket } from '../../src/files/loose-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'mirolive-config-'));
const file = join(folder, 'mirolive.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

describe('readSocket', () => {
  const cases: { name: string; text: string; expected: string | null }[] = [
    { name: 'nothing', text: '', expected: null },
    { name: 'comments only', text: '# control:\n#   socket: /a.sock\n', expected: null },
    { name: 'plain', text: 'http: { port: 1 }\ncontrol:\n  socket: /run/a.sock\n', expected: '/run/a.sock' },
    {
      name: 'plain, at the end of the file',
      text: 'control:\n  socket: /run/a.sock',
      expected: '/run/a.sock',
    },
    {
      name: 'comments and other keys before it',
      text: 'control:\n  # Where.\n\n  sokcet: /b\n  socket: /run/a.sock\n',
      expected: '/run/a.sock',
    },
    { name: 'quotes', text: 'control:\n  socket: "/run/a b.sock"\n', expected: '/run/a b.sock' },
    {
      name: 'a comment behind it',
      text: 'control:\n  socket: /run/a.sock # ours\n',
      expected: '/run/a.sock',
    },
    { name: 'braces', text: 'control: { socket: /run/a.sock }\n', expected: '/run/a.sock' },
    { name: 'JSON', text: '{"control": {"socket": "/run/a.sock"}}', expected: '/run/a.sock' },
    { name: 'null', text: 'control:\n  socket: null\n', expected: null },
    { name: 'a number', text: 'control:\n  socket: 7\n', expected: null },
    { name: 'a list in its place', text: 'control: [socket]\n', expected: null },
    { name: 'a socket of something else', text: 'control:\nhttp:\n  socket: /run/a.sock\n', expected: null },
    { name: 'the same further down', text: 'other:\n  control:\n    socket: /run/a.sock\n', expected: null },
    { name: 'unknown keys', text: 'htp: 1\ncontrol:\n  socket: /run/a.sock\n', expected: '/run/a.sock' },
  ];
  it.each(cases)('finds it in a file with $name', async ({ text, expected }) => {
    writeFileSync(file, text);
    expect(await readSocket(file)).toBe(expected);
    expect((await readPlaces(file)).socket).toBe(expected);
  });

  it('throws where the file is not YAML, or not there', async () => {
    writeFileSync(file, 'control: { socket: [');
    await expect(readSocket(file)).rejects.toThrow();
    await expect(readSocket(join(folder, 'none.yaml'))).rejects.toThrow('ENOENT');
  });
});

describe('readPlaces', () => {
  it('finds state and rooms too', async () => {
    writeFileSync(
      file,
      'state: { dir: /srv/state }\nlog: { file: /srv/a.log }\nrooms:\n  hall:\n  lobby: {}\n',
    );
    expect(await readPlaces(file)).toEqual({
      ...{ socket: null, stateDir: '/srv/state' },
      rooms: ['hall', 'lobby'],
    });
  });
});
