import { appendFileSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/contract/clock.ts';
import type { Config } from '../../../src/contract/config.ts';
import { asideMark, forgetAside } from '../../../src/daemon/hooks/forget-aside.ts';
import { createLog } from '../../../src/daemon/ops/log.ts';
import { LogMemory } from '../../../src/daemon/ops/log-memory.ts';
import { scrubbedInPlace } from '../../../src/daemon/ops/log-privacy.ts';
import { LogScrubber } from '../../../src/daemon/ops/log-scrubber.ts';
import { OldAddresses } from '../../../src/daemon/ops/old-addresses.ts';
import { silentLog, temporaryFolder } from '../../helpers/state.ts';

const dash = Buffer.from('–').toString('latin1');
const nowMs = Date.UTC(2026, 0, 10);
const dayMs = 86_400_000;
const line = (agoMs: number, address = '192.0.2.77') =>
  `${JSON.stringify({ level: 40, time: new Date(nowMs - agoMs).toISOString(), address, msg: `refused ${address}: é` })}\n`;

function openScrubber(file: string) {
  const keep = { ms: 7 * dayMs };
  const clock = { ...systemClock, wallMs: () => nowMs };
  const scrubber = new LogScrubber({ file, keepAddressesMs: () => keep.ms, clock, log: silentLog });
  return { keep, scrubber };
}

test('LogScrubber writes into what is its log and what that was, and into nothing else beside it', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'a.log');
  const aged = line(9 * dayMs);
  const others = ['a.log.zip', 'a.log.notes', 'a.log.1.gz.gpg', 'a.log-2026.md', 'a.log.2'];
  for (const name of ['a.log', 'a.log.1', 'a.log-20260101', ...others])
    writeFileSync(join(folder.path, name), aged);
  // Under a number too, where it does not begin as the log does.
  writeFileSync(join(folder.path, 'a.log.2'), `PK\u0003\u0004 ${aged}`);
  const { scrubber } = openScrubber(file);
  await using _ = scrubber;
  await scrubber.look();
  const keeps = (name: string) => readFileSync(join(folder.path, name), 'utf8').includes('192.0.2.77');
  expect(['a.log', 'a.log.1', 'a.log-20260101'].filter(keeps)).toEqual([]);
  expect(others.filter((name) => !keeps(name))).toEqual([]);
});

test('LogScrubber takes addresses out of lines that are too old, where they stand, and out of no others', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'a.log');
  const old = [line(9 * dayMs), 'no JSON 2001:db8::7\n', line(8 * dayMs, '2001:db8::5')];
  const ahead = line(-40 * dayMs);
  writeFileSync(file, [...old, ahead, line(6 * dayMs), line(0)].join(''));
  const { size } = statSync(file);
  const { scrubber, keep } = openScrubber(file);
  await using _ = scrubber;
  await scrubber.look();
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.slice(0, 4).join('\n')).not.toMatch(/192\.0\.2|2001:db8/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 40,
    address: expect.stringMatching(/^– *$/),
    msg: expect.stringMatching(/^refused – *: é$/),
  });
  expect(lines.slice(4)).toEqual([
    ...line(6 * dayMs)
      .split('\n')
      .slice(0, 1),
    ...line(0).split('\n'),
  ]);
  expect(statSync(file).size).toBe(size);
  // Whoever writes goes on; less time holds at once.
  appendFileSync(file, line(0, '192.0.2.78'));
  keep.ms = dayMs;
  await scrubber.look();
  const text = readFileSync(file, 'utf8');
  expect(text.match(/192\.0\.2\.7\d/g)).toEqual(['192.0.2.77', '192.0.2.77', '192.0.2.78', '192.0.2.78']);
});

test('LogScrubber goes through a long file, a rotated one, and one that was emptied', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'a.log');
  writeFileSync(file, line(8 * dayMs).repeat(8000) + line(0));
  const { scrubber } = openScrubber(file);
  await using _ = scrubber;
  await scrubber.look();
  expect(readFileSync(file, 'utf8').match(/192\.0\.2\.77/g)).toHaveLength(2);
  renameSync(file, `${file}.1`);
  appendFileSync(`${file}.1`, line(8 * dayMs));
  writeFileSync(`${file}.2`, line(9 * dayMs));
  writeFileSync(`${file}.3.gz`, line(9 * dayMs));
  writeFileSync(file, line(8 * dayMs));
  await scrubber.look();
  expect(readFileSync(file, 'utf8')).not.toContain('192.0.2.77');
  expect(readFileSync(`${file}.2`, 'utf8')).not.toContain('192.0.2.77');
  expect(readFileSync(`${file}.3.gz`, 'utf8')).toContain('192.0.2.77');
  writeFileSync(file, line(9 * dayMs));
  await scrubber.look();
  writeFileSync(file, line(8.5 * dayMs));
  await scrubber.look();
  expect(readFileSync(file, 'utf8')).not.toContain('192.0.2.77');
});

test.each([
  ['from 192.0.2.1 to 127.0.0.1', `from ${dash.padEnd(9)} to 127.0.0.1`],
  ['at 20:15:00 on ::a', `at 20:15:00 on ${dash}`],
  ['{"address":"a.example"}', `{"address":"${dash.padEnd(9)}"}`],
  ['{"ip":"x"}', '{"ip":"-"}'],
])('scrubbedInPlace of %s is as long', (text, expected) => {
  expect(scrubbedInPlace(text)).toBe(expected);
  expect(scrubbedInPlace(text)).toHaveLength(text.length);
});

test('a log has no address where none is kept, and none in a pretty file', async () => {
  using folder = temporaryFolder();
  const stderr = process.stderr;
  const file = join(folder.path, 'a.log');
  const keep = { ms: 0 };
  const made = await createLog({ file, format: 'json', level: 'info' }, stderr, false, () => keep.ms);
  made.log.info({ address: '192.0.2.77' }, 'one 192.0.2.77');
  keep.ms = dayMs;
  made.log.info('two 192.0.2.78');
  expect(readFileSync(file, 'utf8')).not.toContain('192.0.2.77');
  expect(readFileSync(file, 'utf8')).toContain('two 192.0.2.78');
  expect(made.lines.lines.join('')).not.toContain('192.0.2.77');
  const pretty = join(folder.path, 'pretty.log');
  const other = await createLog(
    { file: pretty, format: 'pretty', level: 'info' },
    stderr,
    false,
    () => dayMs,
  );
  other.log.info({ address: '192.0.2.77' }, 'one 192.0.2.77');
  expect(readFileSync(pretty, 'utf8')).toContain('one –');
  expect(readFileSync(pretty, 'utf8')).not.toContain('192.0.2.77');
  for (const { sink } of [made, other]) sink.close();
});

test('what was set aside of a database is the newest alone, and goes when it is too old', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'outbox.db');
  const names = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => file + asideMark + day);
  for (const name of [file, ...names]) writeFileSync(name, '');
  const there = () => [file, ...names].map((name) => statSync(name, { throwIfNoEntry: false }) !== undefined);
  forgetAside(file, 0);
  expect(there()).toEqual([true, false, false, true]);
  forgetAside(file, Date.now() + 1000);
  expect(there()).toEqual([true, false, false, false]);
});

test('OldAddresses sees to the log in memory as it does to its file, and to what else is remembered', async () => {
  using folder = temporaryFolder();
  const lines = new LogMemory();
  for (let count = 0; count < 500; count++) lines.note(line(8 * dayMs));
  lines.note(line(0));
  let tidied = 0;
  await using old = new OldAddresses({
    config: { privacy: { keepAddresses: 7 * dayMs } } as Config,
    ...{ logFile: null, lines, folder: folder.path, tidy: () => tidied++, log: silentLog },
    clock: { ...systemClock, wallMs: () => nowMs },
  });
  await old.look();
  expect(lines.lines.map((one) => one.includes('192.0.2.77')).lastIndexOf(false)).toBe(499);
  expect(lines.lines.at(-1)).toContain('192.0.2.77');
  expect(tidied).toBe(1);
});
