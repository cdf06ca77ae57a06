import { describe, expect, test } from 'vitest';
import { maxScanFindings } from '../../../src/contract/scan.ts';
import { FoundStretches } from '../../../src/ingest/scan/found-stretches.ts';
import { ScanReader } from '../../../src/ingest/scan/scan-reader.ts';

const limits = { black: 10_000, silent: 10_000, frozen: null };
const dark = new Uint8Array(64 * 36).fill(16);
const still = new Uint8Array(64 * 36).fill(120);

function reader() {
  return new ScanReader({ limits, video: true, audio: true });
}

/** A line of showinfo, as ffmpeg 5.1 writes it. */
const shown = (s: number, key = false) =>
  `[Parsed_showinfo_3 @ 0x55fa] [info] n:  11 pts:${s * 1000} pts_time:${s}    pos: 57827 fmt:gray sar:1/1 s:64x36 i:P iskey:${key ? 1 : 0} type:P `;

/** The two of astats. */
function hear(to: ScanReader, s: number, db: string): void {
  to.say(`[Parsed_ametadata_5 @ 0x55fa] [info] frame:${s}    pts:${s * 48_000}   pts_time:${s}`);
  to.say(`[Parsed_ametadata_5 @ 0x55fa] [info] lavfi.astats.Overall.RMS_level=${db}`);
}

describe('ScanReader', () => {
  test('finds silence by its level, and what ends the file with it', () => {
    const scan = reader();
    for (let s = 0; s < 30; s++) hear(scan, s, s < 5 ? '-20.003272' : s < 10 ? '-60.1' : '-inf');
    expect(scan.atMs).toBe(29_000);
    const { findings } = scan.report('/a.mp4', 29_500, null);
    expect(findings).toEqual([{ kind: 'silent', fromMs: 5000, toMs: 29_500, told: true, words: null }]);
  });

  test('begins a stretch no earlier than the file', () => {
    const scan = reader();
    scan.say('[Parsed_ametadata_5 @ 0x55fa] [info] frame:0    pts:-1008   pts_time:-0.021');
    scan.say('[Parsed_ametadata_5 @ 0x55fa] [info] lavfi.astats.Overall.RMS_level=-inf');
    for (let s = 1; s < 12; s++) hear(scan, s, '-inf');
    expect(scan.report('/a.mp4', 12_000, null).findings).toMatchObject([{ kind: 'silent', fromMs: 0 }]);
  });

  test('finds black pictures, and tells which would be told on air', () => {
    const scan = reader();
    const isDark = (ms: number) => (ms >= 2000 && ms < 5000) || (ms >= 20_000 && ms < 31_000);
    for (let ms = 0; ms < 40_000; ms += 500) {
      scan.say(shown(ms / 1000));
      scan.look(isDark(ms) ? dark : still.map((point, at) => point + ((ms / 500 + at) % 100)), ms);
    }
    const { findings } = scan.report('/a.mp4', 40_000, null);
    expect(findings).toEqual([
      { kind: 'black', fromMs: 2000, toMs: 5000, told: false, words: null },
      { kind: 'black', fromMs: 20_000, toMs: 31_000, told: true, words: null },
    ]);
  });

  test('finds what stands still, unless it is black', () => {
    const scan = reader();
    for (let ms = 0; ms <= 40_000; ms += 500) {
      scan.say(shown(ms / 1000));
      scan.look(ms < 20_000 ? still : dark, ms);
    }
    const found = scan.report('/a.mp4', 40_000, null).findings.map(({ kind, fromMs }) => [kind, fromMs]);
    expect(found).toEqual([
      ['frozen', 0],
      ['black', 20_000],
    ]);
  });

  test('measures from key frame to key frame, and to the end', () => {
    const scan = reader();
    for (const s of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) scan.say(shown(s, s === 0 || s === 2 || s === 5));
    expect(scan.report('/a.mp4', 10_000, null).keyFrames).toEqual({
      ...{ count: 3, longestMs: 5000, meanMs: 2500 },
    });
  });

  test.each([
    [
      '[h264 @ 0x55] [error] error while decoding MB 31 8, bytestream 1817',
      'error while decoding MB 31 8, bytestream 1817',
    ],
    [
      '[h264 @ 0x55] [info] concealing 618 DC, 618 AC, 618 MV errors in B frame',
      'concealing 618 DC, 618 AC, 618 MV errors in B frame',
    ],
    ['[warning] a.mp4: corrupt decoded frame in stream 0', 'a.mp4: corrupt decoded frame in stream 0'],
  ])('takes %j for damage between the pictures around it', (line, words) => {
    const scan = reader();
    for (const s of [0, 0.5, 1]) scan.say(shown(s));
    scan.say(line);
    scan.say('[h264 @ 0x55] [error] cabac decode of qscale diff failed at 31 8');
    for (const s of [1.5, 2, 2.5]) scan.say(shown(s));
    scan.say(line);
    for (const s of [3, 3.5]) scan.say(shown(s));
    const { findings } = scan.report('/a.mp4', 4000, null);
    expect(findings).toEqual([{ kind: 'damaged', fromMs: 1000, toMs: 3000, told: true, words }]);
  });

  test('tells where nothing comes any more', () => {
    const scan = reader();
    scan.say(shown(12, true));
    const { findings, scannedMs } = scan.report('/a.mp4', 60_000, null);
    expect(scannedMs).toBe(12_000);
    expect(findings).toEqual([
      ...[
        { kind: 'damaged', fromMs: 12_000, toMs: 60_000, told: true, words: 'nothing comes from there on' },
      ],
    ]);
  });

  test('takes no words of a file for those of a filter', () => {
    const scan = reader();
    scan.say(`[info]     title           : ${shown(500, true)}`);
    scan.say('[info]     comment         : [Parsed_ametadata_5 @ 0x55fa] [info] frame:9 pts:9 pts_time:999');
    expect(scan.atMs).toBe(0);
  });

  test('reads its loudness from the last words', () => {
    const scan = reader();
    for (const line of [
      '[Parsed_ebur128_2 @ 0x55fa] [info] Summary:',
      ...['', '  Integrated loudness:', '    I:         -17.7 LUFS', '    Threshold: -28.3 LUFS', ''],
      ...['  Loudness range:', '    LRA:         3.6 LU', '', '  True peak:', '    Peak:      -16.5 dBFS'],
    ])
      scan.say(line);
    const loudness = { integratedLufs: -17.7, rangeLu: 3.6, truePeakDb: -16.5 };
    expect(scan.report('/a.mp4', 0, null).loudness).toEqual(loudness);
  });
});

test('ScanReader takes all parts of sound together that changes its kind, each for as long as it is', () => {
  const scan = reader();
  const summary = (lufs: string, peak: string) =>
    scan.say(
      `[Parsed_ebur128_2 @ 0x55fa] [info] Summary:\n  I: ${lufs} LUFS\n    LRA: 3.6 LU\n    Peak: ${peak} dBFS`,
    );
  for (let s = 0; s < 90; s++) hear(scan, s, '-20.0');
  summary('-20.0', '-3.0');
  scan.say('[h264 @ 0x55fa] [error] error while decoding MB 1 2, bytestream 3');
  for (let s = 90; s < 100; s++) hear(scan, s, '-50.0');
  summary('-50.0', '-30.0');
  summary('-70.0', '-inf');
  const loudness = { integratedLufs: -20.5, rangeLu: 3.6, truePeakDb: -3 };
  expect(scan.report('/a.ts', 100_000, null)).toMatchObject({ loudness, findings: [{ kind: 'damaged' }] });
});

test('FoundStretches keeps so many, those first that would be told, and counts the rest', () => {
  const stretches = new FoundStretches(limits);
  const many = maxScanFindings + 500;
  for (let at = 0; at < many; at++) {
    stretches.isSo('black', at * 20_000, at * 20_000);
    stretches.isNot('black', at * 20_000 + (at === many - 1 ? 12_000 : 3000));
  }
  const { findings, leftOut } = stretches.end(many * 20_000);
  expect(findings).toHaveLength(maxScanFindings);
  expect(leftOut).toBe(500);
  expect(findings.at(-1)).toMatchObject({ told: true, fromMs: (many - 1) * 20_000 });
});
