import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { LogSink } from '../../../src/daemon/ops/log-sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'mirolive-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A standard error whose reader reads when it is told to; its descriptor is that of a pipe. */
function pipe() {
  const path = join(folder, `pipe-${Math.random()}`);
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, 'r+');
  const stream = Object.assign(new PassThrough(), { fd, isTTY: false });
  return { stream, sink: LogSink.open(null, stream as never), close: () => closeSync(fd) };
}

describe('LogSink', () => {
  it('appends to its file, and to a new one of its name once it is told to', () => {
    const file = join(folder, 'a.log');
    const sink = LogSink.open(file, process.stderr);
    sink.write('one\n');
    renameSync(file, `${file}.1`);
    sink.write('two\n');
    sink.reopen();
    sink.write('three\n');
    sink.close();
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('one\ntwo\n');
    expect(readFileSync(file, 'utf8')).toBe('three\n');
    expect(sink.state).toMatchObject({ dropped: 0, problem: null });
  });

  it('counts what a full disk does not take, and throws nothing', () => {
    const sink = LogSink.open('/dev/full', process.stderr);
    for (let line = 0; line < 3; line++) sink.write('lost\n');
    expect(sink.state).toMatchObject({ dropped: 3, problem: expect.stringMatching(/^ENOSPC/) });
    sink.close();
  });

  it('leaves no part of a line that did not fit in the file', () => {
    const file = join(folder, 'full.log');
    const module = new URL('../../../src/daemon/ops/log-sink.ts', import.meta.url).href;
    const script = `
      const { LogSink } = await import('${module}');
      const sink = LogSink.open('${file}', process.stderr);
      for (let line = 0; line < 4; line++) sink.write(JSON.stringify('x'.repeat(398)) + '\\n');
      sink.write('"short"\\n');
      process.stdout.write(String(sink.state.dropped));`;
    // The limit takes a part of a write and refuses the rest, as a full disk does.
    const limited = 'trap "" XFSZ; ulimit -f 1; exec "$0" --input-type=module -e "$1"';
    const env = { ...process.env, NODE_COMPILE_CACHE: '' };
    const dropped = execFileSync('bash', ['-c', limited, process.execPath, script], {
      env,
      encoding: 'utf8',
    });
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(Number(dropped)).toBeGreaterThan(0);
    expect(() => lines.map((line) => JSON.parse(line))).not.toThrow();
  });

  it('says what is lost once there is room for that', () => {
    const file = join(folder, 'torn.log');
    const script = `
      import { writeFileSync } from 'node:fs';
      import { LogSink } from ${JSON.stringify(new URL('../../../src/daemon/ops/log-sink.ts', import.meta.url))};
      const sink = LogSink.open(${JSON.stringify(file)}, process.stderr);
      sink.write('x'.repeat(400) + '\\n');
      sink.write('y'.repeat(400) + '\\n');
      writeFileSync(${JSON.stringify(file)}, 'all before is moved away\\n');
      sink.retry();
      process.stdout.write(JSON.stringify(sink.state));`;
    // A limit for files of one block, which counts 512 bytes here, is a disk that is full there.
    const shell = `trap '' XFSZ; ulimit -f 1; exec '${process.execPath}' --input-type=module -e "$1"`;
    const state = JSON.parse(execFileSync('dash', ['-c', shell, 'sh', script], { encoding: 'utf8' }));
    expect(state).toMatchObject({ dropped: 1, problem: null });
    const [moved, told] = readFileSync(file, 'utf8').split('\n');
    expect(moved).toBe('all before is moved away');
    expect(JSON.parse(told ?? '').msg).toMatch(/^1 lines of the log before this one are lost: EFBIG/);
  });

  it('goes on with the file that it has where it cannot open it anew', () => {
    const file = join(folder, 'sub');
    const sink = LogSink.open(file, process.stderr);
    renameSync(file, `${file}.1`);
    execFileSync('mkdir', [file]);
    expect(() => sink.reopen()).toThrow('EISDIR');
    sink.write('one\n');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('one\n');
    sink.close();
  });

  it('keeps no more than a megabyte for a reader who stalls, and tells it what it missed', async () => {
    const { stream, sink, close } = pipe();
    const line = `${'x'.repeat(1023)}\n`;
    for (let count = 0; count < 5000; count++) sink.write(line);
    expect(stream.writableLength + stream.readableLength).toBeLessThan(1.2 * 1024 * 1024);
    const { dropped } = sink.state;
    expect(dropped).toBeGreaterThan(3500);
    expect(sink.state.problem).toBe('nobody reads it');

    let read = '';
    stream.setEncoding('utf8').on('data', (text) => {
      read += text;
    });
    await new Promise((resolve) => setImmediate(resolve));
    sink.write('last\n');
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toContain(`"msg":"${dropped} lines of the log before this one are lost: nobody reads it"`);
    expect(read.endsWith('last\n')).toBe(true);
    expect(sink.state).toMatchObject({ dropped, problem: null });
    close();
  });

  it('gives a reader up who is gone', async () => {
    const { stream, sink, close } = pipe();
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await new Promise((resolve) => setImmediate(resolve));
    sink.write('lost\n');
    expect(sink.state).toMatchObject({ dropped: 1, problem: 'write EPIPE' });
    close();
  });
});
