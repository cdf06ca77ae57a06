import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { type Source, testPattern } from '../../../src/contract/models.ts';
import { testInput } from '../../../src/ingest/sources/test-input.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

type TestSource = Extract<Source, { kind: 'test' }>;

/** One picture as it would be seen, cut to the foot where the label is. */
async function foot(graph: string, folder: string): Promise<string> {
  const args = ['-v', 'error', '-f', 'lavfi', '-i', graph, '-map', '0:v', '-vf', 'crop=1280:120:0:600'];
  const out = ['-frames:v', '1', '-f', 'md5', '-'];
  return (await execa('ffmpeg', [...args, ...out], { cwd: folder })).stdout;
}

const graphOf = (source: Partial<TestSource>) =>
  testInput({ kind: 'test', pattern: 'bars', label: '', ...source }).parts[0].location;

describe('testInput', () => {
  test.each(testPattern.options)('makes %s, at the pace of the clock, with sound', async (pattern) => {
    const startedMs = performance.now();
    const args = ['-v', 'error', '-f', 'lavfi', '-i', graphOf({ pattern, label: 'Hall 1' }), '-t', '1'];
    const { stdout } = await execa('ffmpeg', [...args, '-f', 'framecrc', '-']);
    const tookMs = performance.now() - startedMs;
    const lines = stdout.split('\n').filter((line) => !line.startsWith('#'));
    expect(lines.filter((line) => line.startsWith('0,')).length).toBe(30);
    expect(lines.filter((line) => line.startsWith('1,')).length).toBe(50);
    expect(tookMs).toBeGreaterThan(900);
  });

  test.each([
    'Lobby',
    "It's 100%: [a], b; c",
    'back\\slash \\: \\n',
    "''",
    '%{pts} %{localtime}',
    '"quoted" = @ # $x',
    "x':text=y",
    'x[out0];movie=/etc/passwd[out0]',
    'Ünïcödé – ✓',
  ])('draws %s as it is', async (label) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'label.txt'), label);
    const look = 'fontsize=40:fontcolor=white:box=1:boxcolor=black@0.7:boxborderw=16:x=(w-text_w)/2:y=h-90';
    const font = 'font=DejaVu Sans:expansion=none';
    const reference = `smptehdbars=s=1280x720:r=30,drawtext=${font}:textfile=label.txt:${look}`;
    expect(await foot(graphOf({ label }), folder.path)).toBe(await foot(reference, folder.path));
  });

  test('draws no line breaks, and nothing where there is nothing', async () => {
    expect(graphOf({ label: ' a\n\tb\u0007\u200b ' })).toContain(':text=a b:');
    for (const label of ['', ' \n ', '\u0000']) expect(graphOf({ label })).not.toContain('drawtext');
  });

  test('shows the time of day, to the millisecond', () => {
    const zone = new Date();
    zone.getTimezoneOffset = () => 210;
    const source = { kind: 'test', pattern: 'clock', label: '' } as const;
    expect(testInput(source, zone).parts[0].location).toContain(
      "setpts='mod(time(0)+-12600+86400,86400)*1000'",
    );
  });
});

test('testInput shows the very moment at which a picture is made', async () => {
  const graph = graphOf({ pattern: 'clock' });
  // What is drawn is the time of a picture, before it is made even again.
  const drawn = `${graph.slice(0, graph.indexOf(',settb=1/30'))}[out0]`;
  const show = ['-read_intervals', '%+#5', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const from = timeOfDay();
  const { stdout } = await execa('ffprobe', ['-v', 'error', ...show, '-f', 'lavfi', '-i', drawn]);
  const until = since(from, timeOfDay());
  const times = stdout.trim().split('\n').map(Number);
  expect(times.length).toBe(5);
  for (const time of times) {
    // A millisecond for rounding.
    expect(since(from - 0.001, time)).toBeLessThanOrEqual(until + 0.002);
  }
});

const day = 86_400;

/** In s. */
function timeOfDay(): number {
  const now = Date.now();
  return (now - new Date(now).setHours(0, 0, 0, 0)) / 1000;
}

/** In s, over midnight too. */
function since(from: number, to: number): number {
  return (to - from + day) % day;
}
