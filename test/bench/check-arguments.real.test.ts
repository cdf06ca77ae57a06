import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { checkedArguments } from '../../bench/check-arguments.ts';

const server = createServer((socket) => socket.destroy());
await once(server.listen(0, '127.0.0.1'), 'listening');
server.unref();
const { port } = server.address() as AddressInfo;
const there = `--beside http://127.0.0.1:${port}/whep`;

test.each([
  {
    line: '--whep-load ./nix',
    problem: /^--whep-load: expected a program that can be run, got \.\/nix; next: name the path of one/,
  },
  { line: '--whep-load package.json', problem: /^--whep-load: .* got package\.json; next: / },
  { line: '--whep-load test', env: { PATH: 'bench' }, problem: /^--whep-load: .* got test; next: / },
  {
    line: '--beside http://127.0.0.1:9/whep',
    problem:
      /^--beside: expected a server at http:\/\/127\.0\.0\.1:9\/whep, got ECONNREFUSED; next: start it/,
  },
  {
    line: `${there} --beside-publish rtmp://127.0.0.1:9/live`,
    problem: /^--beside-publish: expected a server at rtmp:.*, got ECONNREFUSED; next: start it/,
  },
  {
    line: `${there} --beside-pid 9999999`,
    problem: /^--beside-pid: expected a process, there is no 9999999; next: find it/,
  },
])('$line is refused in one line', async ({ line, env, problem }) => {
  const words = line.split(' ');
  await expect(checkedArguments(words, env ?? {})).rejects.toThrow(problem);
  const bench = execa(process.execPath, ['bench/main.ts', ...words], { env: env ?? {}, reject: false });
  const { exitCode, stdout, stderr } = await bench;
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(new RegExp(problem.source.replace('^', '^error: ')));
  expect(stderr.split('\n')).toHaveLength(1);
});

test('what is there is taken', async () => {
  const words = `${there} --beside-pid ${process.pid} --whep-load node`.split(' ');
  expect(await checkedArguments(words, process.env)).toMatchObject({
    whepLoad: 'node',
    beside: { pid: process.pid },
  });
});

test('npm run bench refuses its arguments before its set-up', async () => {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ['scripts/run.mjs', 'bench', '--whep-load', './nix'],
    { reject: false },
  );
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^error: --whep-load: .*$/);
});
