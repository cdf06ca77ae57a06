import type { Report } from './report.ts';
import { busy, figure, isKept, type MeasuredRow, targetHead } from './row.ts';
import { rowsExplained } from './rows-explained.ts';

/** docs/benchmarks.md, from docs/benchmarks.json. */
export function benchmarksPage(report: Report): string {
  return [...method, ...explanations(), ...methodOfSome, ...figures(report)].join('\n');
}

const method = [
  '# Benchmarks',
  '',
  '`npm run bench` measures what an operator notices, with the real command line, real ffmpeg, a real browser and a real',
  'mediasoup worker. All traffic stays on loopback; each daemon has a folder, a socket and free ports of its own, and one worker.',
  'Nothing is left behind, not by Ctrl-C either.',
  '',
  '```',
  'npm run bench                                  # all rows, about 20 minutes with a load tool',
  'npm run bench -- --only ready --only status    # some rows',
  'npm run bench -- --runs 3 --json               # three runs of each, one JSON object with every single figure',
  'npm run bench -- --whep-load ./whep-load       # with many viewers',
  'npm run bench -- --trace                       # the way of single pictures, instead of the rows',
  '```',
  '',
  '## What each row means',
  '',
  '| `--only` | rows | how it is measured | without `--runs` |',
  '| --- | --- | --- | --- |',
];

function explanations(): string[] {
  return Object.entries(rowsExplained).map(
    ([name, { says, how, runs }]) => `| \`${name}\` | ${says} | ${how} | ${runs} |`,
  );
}

const methodOfSome = [
  '',
  'A picture counts as decoded when `requestVideoFrameCallback` tells of it. Processor time is in % of one core, from',
  '`/proc/PID/stat`. RSS counts what processes share in full for each, PSS in parts.',
  '',
  'The rows with many viewers need a WHEP load tool: a command that takes `-url URL -n VIEWERS -rate JOINS_PER_SECOND -hold 24s`,',
  'watches with so many viewers, and prints one line of JSON with at least `pps` (packets per second that all of them received,',
  'counted in the second half of the time), `lost`, `first_key_frame_ms_p50` and `first_key_frame_ms_p95`. It is named by',
  '`--whep-load` or the environment’s `WHEP_LOAD`.',
  '',
  '## Another server beside',
  '',
  'What can be asked of any server that takes RTMP and gives WHEP is asked of another one in the same run, by the same clients, with',
  'the same input, in turns. You start it on this machine and say where it is:',
  '',
  '```',
  'npm run bench -- --whep-load ./whep-load --beside-name "Other 1.0" --beside-pid "$(pidof other)" \\',
  '  --beside http://127.0.0.1:8080/live/whep --beside-publish rtmp://127.0.0.1:1936/live/key',
  '```',
  '',
  'Without `--beside-publish` you feed it yourself, and what needs a clock in the picture is left out; without `--beside-pid` what needs',
  'its processor time is.',
  '',
  '## Where a delay comes from',
  '',
  '`--trace` follows single pictures of an RTMP publisher with sound to a WHEP viewer and says when they passed each stage: made, received',
  'by RTMP, passed on, written by ffmpeg, read by the ingest process, sent to the worker, forwarded to the viewer, received by the browser,',
  'decoded, shown; how evenly pictures and sound passed (time between two, and interarrival jitter, RFC 3550, 6.4.1); and what the',
  'browser says of its buffers. All is seen from outside: tcpdump on loopback, which takes root or CAP_NET_RAW, perf for ffmpeg’s pipe',
  '(left out where there is none), the strip in the picture, and the browser. With `--beside-publish` the other server is traced too, as',
  'far as it can be seen. Only a copied picture can be followed.',
  '',
  '## What it costs to look',
  '',
  '`node bench/observe-cost.ts` compares, in one run and in turns, the processor time of the daemon’s main process with 20 broadcasts on air while',
  'nobody observes, one client does, and 20 do. On two cores that were busy with other things (load 12): 2.7 % of a core, 3.1 % and 3.7 %, which is',
  '1.4 times as much for all 20; each was sent 4 kB a second. `node bench/dashboard-cost.ts` is the other side: the dashboard on a terminal of',
  '160×48, of 20 broadcasts whose figures all change each second, and of 2,000 viewers, took 0.7 % of a core and 49 MB there (load 10); with all of the',
  'viewers listed in the room that is open, and 400 of them changed each second, 1.5 % and 57 MB. With 5,000 of them a key is drawn within 3 ms, another',
  'order or filter within 30 ms.',
  '',
];

function figures({ measuredAt, machine, beside, rows }: Report): string[] {
  if (rows.length === 0)
    return ['## Figures', '', 'None have been taken on a quiet machine since the rows were changed.', ''];
  const { system, cores, processor, memoryGb, node, ffmpeg, browser, worker } = machine;
  const head = [
    'row',
    'mirolive',
    ...(beside === null ? [] : [beside]),
    targetHead,
    'runs',
    'machine busy',
    '',
  ];
  return [
    '## Figures',
    '',
    `${day(measuredAt)}: ${system}, ${cores} cores of ${processor}, ${memoryGb} GB, Node ${node}, ffmpeg ${ffmpeg}, Chromium ${browser}; worker: ${worker}.`,
    'Medians, where the row says nothing else. How busy the machine was, in % of all its cores: by others right before, and by all during',
    'the measurement, its browsers and encoders too. Every single figure: [benchmarks.json](benchmarks.json).',
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${cells(row, beside !== null).join(' | ')} |`),
    '',
  ];
}

function cells(row: MeasuredRow, compared: boolean): string[] {
  const { name, unit, beside, load, values, note } = row;
  return [
    name,
    figure(row, unit),
    ...(compared ? [beside ? figure(beside, unit) : ''] : []),
    expectation(row),
    `${values.length}`,
    busy(load),
    [note, beside?.note && `beside: ${beside.note}`].filter(Boolean).join('; '),
  ];
}

function expectation(row: MeasuredRow): string {
  if (row.atMost === null) return '';
  const kept = isKept(row);
  const verdict = kept === null ? '' : kept ? ': kept' : ': missed';
  return `at most ${Number(row.atMost.toPrecision(2))} ${row.unit}${verdict}`;
}

function day(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(at));
}
