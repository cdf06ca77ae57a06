import { MiroliveError } from '../../contract/errors.ts';
import { clock } from '../../contract/media-time.ts';
import type { ScanFinding, ScanKind, ScanReport } from '../../contract/scan.ts';
import { placeName } from '../places/place.ts';
import { type Context, connect } from '../program/context.ts';
import type { Output } from '../program/output.ts';
import { printable, table } from '../words/format.ts';

/** How wide a time line is, in characters, where there is room. */
const lineWidth = 60;
const kindWords: Readonly<Record<ScanKind, string>> = {
  black: 'black picture',
  silent: 'silence',
  frozen: 'frozen picture',
  damaged: 'damaged',
};

/** Its exit status where something was found that would be told on air, or is damaged: nothing has failed. */
const foundStatus = 6;

/** `mirolive probe --scan FILE` */
export async function scan(context: Context, path: string, audioTrack: number | null): Promise<number> {
  const client = await connect(context);
  const { output } = context;
  const signal = context.interrupts();
  using progress = output.progress();
  try {
    for await (const line of client.scan({ path, audioTrack }, { signal })) {
      if (line.type === 'progress') progress.show(progressWords(line.atMs, line.durationMs));
      else {
        progress.clear();
        output.show(line.report, () => reportLines(line.report, output));
        return line.report.findings.some(({ told }) => told) ? foundStatus : 0;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return signal.reason;
  throw new MiroliveError(
    'DAEMON_UNREACHABLE',
    `the daemon on ${placeName(client.place)} ended its answer too early`,
  );
}

function progressWords(atMs: number, durationMs: number | null): string {
  if (durationMs === null || durationMs === 0) return clock(atMs);
  const percent = Math.min(100, Math.floor((100 * atMs) / durationMs));
  return `${clock(atMs)} of ${clock(durationMs)}, ${percent} %`;
}

function reportLines(report: ScanReport, { paint }: Pick<Output, 'paint'>): string[] {
  const { path, durationMs, scannedMs, findings, leftOut, loudness, keyFrames } = report;
  const lengthMs = Math.max(scannedMs, durationMs ?? 0);
  const rows = findings.map((finding) => [
    clock(finding.fromMs),
    clock(finding.toMs),
    `${((finding.toMs - finding.fromMs) / 1000).toFixed(1)} s`,
    findingWords(finding),
  ]);
  const [heading = '', ...lines] = table(['FROM', 'TO', 'LENGTH', 'WHAT'], rows, paint);
  return [
    `${printable(path)}: ${clock(lengthMs)}`,
    `loudness    ${loudness ? loudnessWords(loudness) : 'no sound'}`,
    `key frames  ${keyFrames ? keyFrameWords(keyFrames) : 'no picture'}`,
    ...(findings.length === 0
      ? ['found       nothing']
      : ['', ...timeLines(findings, lengthMs), '', heading]),
    ...lines.map((line, at) => (findings[at]?.told ? paint('yellow', line) : line)),
    ...(leftOut === 0 ? [] : [`and ${leftOut} more`]),
  ];
}

function findingWords({ kind, told, words }: ScanFinding): string {
  const why = words === null ? '' : `: ${printable(words)}`;
  return `${kindWords[kind]}${why}${told ? '' : ' (not told on air)'}`;
}

function loudnessWords({ integratedLufs, truePeakDb, rangeLu }: NonNullable<ScanReport['loudness']>): string {
  if (integratedLufs === null) return 'silent';
  const peak = truePeakDb === null ? '' : `, true peak ${truePeakDb} dB`;
  return `${integratedLufs} LUFS, range ${rangeLu} LU${peak}`;
}

function keyFrameWords({ count, longestMs, meanMs }: NonNullable<ScanReport['keyFrames']>): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  if (longestMs === null) return 'none';
  const mean = meanMs === null ? '' : `${seconds(meanMs)} apart, `;
  return `${count}, ${mean}at most ${seconds(longestMs)}`;
}

/** Where in the file what was found is, a line for each kind. */
function timeLines(findings: readonly ScanFinding[], lengthMs: number): string[] {
  const kinds = (Object.keys(kindWords) as ScanKind[]).filter((kind) =>
    findings.some((one) => one.kind === kind),
  );
  const end = clock(lengthMs);
  const scale = `0:00${end.padStart(lineWidth - 4)}`;
  const perCell = Math.max(1, lengthMs) / lineWidth;
  const lines = kinds.map((kind) => {
    const own = findings.filter((one) => one.kind === kind);
    const cells = Array.from({ length: lineWidth }, (_, at) => {
      const [fromMs, toMs] = [at * perCell, (at + 1) * perCell];
      return own.some((one) => one.fromMs < toMs && Math.max(one.toMs, one.fromMs + 1) > fromMs) ? '█' : '·';
    });
    return `${kind.padEnd(10)}${cells.join('')}`;
  });
  return [`${''.padEnd(10)}${scale}`, ...lines];
}
