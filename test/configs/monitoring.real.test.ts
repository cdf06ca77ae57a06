import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import { eventually } from '../daemon/built-daemon.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { freePorts } from '../helpers/free-ports.ts';
import { type AlertCase, cases, well } from './alert-cases.ts';

const examples = new URL('../../configs/examples/monitoring/', import.meta.url).pathname;
const rulesFile = join(examples, 'alert-rules.yaml');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
}
interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly unknown[] };
}

const rules: Rule[] = parse(await readFile(rulesFile, 'utf8')).groups.flatMap(
  ({ rules }: { rules: Rule[] }) => rules,
);
const dashboard: Dashboard = JSON.parse(await readFile(join(examples, 'grafana-dashboard.json'), 'utf8'));
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
);

/** What there is nothing to tell of while all is well. */
const empty = new Set([
  'Suffering, by what',
  'Loss: the one in the middle, and the worst',
  'What leaves for viewers',
  'Publishers',
  'Missing parts, and how often they failed',
  'Certificates hold for',
]);

/** What may be due for moments where a machine is busy. */
const slow = new Set([
  'MiroliveLoopLag',
  'MirolivePipelineSlow',
  'MiroliveRoomBad',
  'MiroliveContentBlackOrFrozen',
]);

const parts = new AsyncDisposableStack();
let daemon: TestDaemon;
let prometheus: string;

beforeAll(async () => {
  const [port = 0, own = 0] = await freePorts(2);
  daemon = parts.use(await startDaemon({ rtmp: { enabled: false }, metrics: { enabled: true, port } }));
  await daemon.daemon.desk.start({ room: 'lobby', source: { kind: 'test', pattern: 'bars', label: '' } });
  await daemon.daemon.desk.control('lobby', { type: 'slate', on: true });
  const page = new WebSocket(`${daemon.url.replace('http', 'ws')}/ws/lobby`);
  parts.defer(() => page.terminate());
  await new Promise((resolve, reject) => page.once('message', resolve).once('error', reject));
  page.send(JSON.stringify({ type: 'report', freezes: 1, frozenMs: 500, firstPictureMs: 400 }));
  const config = (await readFile(join(examples, 'prometheus.yml'), 'utf8'))
    .replace('127.0.0.1:9464', `127.0.0.1:${port}`)
    .replace('15s', '1s')
    .replace('alert-rules.yaml', rulesFile);
  await writeFile(join(daemon.folder, 'prometheus.yml'), config);
  const process = execa(
    'prometheus',
    [
      `--config.file=${join(daemon.folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(daemon.folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${own}`,
    ],
    { reject: false, stdout: 'ignore' },
  );
  parts.defer(async () => {
    process.kill('SIGTERM');
    await process;
  });
  const ended = process.then(({ code, stderr }) => {
    const hint = code === 'ENOENT' ? ' (Debian package: prometheus)' : '';
    throw new Error(`prometheus does not run${hint}: ${`${stderr ?? ''}`.slice(-2000)}`);
  });
  ended.catch(() => {});
  prometheus = `http://127.0.0.1:${own}`;
  // Two scrapes after all is there: rates need them.
  const enough =
    'count_over_time(mirolive_splices_total[1m]) > 2 and on (room) count_over_time(mirolive_viewer_freezes_total[1m]) > 2';
  const isThere = async () => (await asked(enough).catch(() => null))?.data?.result[0];
  await Promise.race([eventually(isThere), ended]);
});
afterAll(() => parts.disposeAsync());

async function asked(query: string): Promise<Answer> {
  const answer = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query })}`);
  return (await answer.json()) as Answer;
}

/** As Grafana asks it where all is chosen. */
const filled = (expr: string) =>
  expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*').replaceAll('$room', '.*');

test('Prometheus answers each query of the dashboard, with data where there is any', async () => {
  expect(queries.length).toBeGreaterThan(25);
  const untold: string[] = [];
  for (const { title, expr } of queries) {
    const { status, error, data } = await asked(filled(expr));
    expect([title, status, error]).toEqual([title, 'success', undefined]);
    if (!empty.has(title) && data?.result.length === 0) untold.push(expr);
  }
  expect(untold).toEqual([]);
});

test('the variables of the dashboard find the daemon and its rooms', async () => {
  const definitions = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
  expect(definitions).toHaveLength(2);
  for (const definition of definitions) {
    const [, series = ''] = /^label_values\((.*), \w+\)$/.exec(filled(definition)) ?? [];
    expect((await asked(series)).data?.result).not.toEqual([]);
  }
});

test('Prometheus takes each alert rule, and none is due while all is well', async () => {
  for (const { alert, expr } of rules) {
    const { status, data } = await asked(expr);
    expect([alert, status]).toEqual([alert, 'success']);
    if (!slow.has(alert)) expect([alert, data?.result]).toEqual([alert, []]);
  }
});

test('promtool finds nothing wrong with what is told, nor with the rules', async () => {
  const { port } = new URL((await scrapeUrl()) ?? '');
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(await execa('promtool', ['check', 'metrics'], { input: text, reject: false })).toMatchObject({
    ...{ stdout: '', stderr: '', exitCode: 0 },
  });
  expect((await execa('promtool', ['check', 'rules', rulesFile])).exitCode).toBe(0);
});

async function scrapeUrl(): Promise<string | undefined> {
  const answer = await fetch(`${prometheus}/api/v1/targets`);
  const { data } = (await answer.json()) as { data: { activeTargets: { scrapeUrl: string }[] } };
  return data.activeTargets[0]?.scrapeUrl;
}

test('each alert comes when it should, and not before', async () => {
  expect(Object.keys(cases).toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  const tests = rules.flatMap(({ alert, annotations, labels }) => {
    const { bad, at, labels: its, words } = cases[alert] as AlertCase;
    const due = {
      exp_labels: { ...its, ...labels },
      exp_annotations: { summary: words.summary, runbook: words.runbook ?? annotations.runbook },
    };
    const series = (all: Readonly<Record<string, string>>) =>
      Object.entries(all).map(([series, values]) => ({ series, values }));
    return [
      { bad, expected: [due] },
      { bad: well[alert] ?? {}, expected: [] },
    ].map(({ bad, expected }) => ({
      interval: '15s',
      input_series: series(bad),
      alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected }],
    }));
  });
  const file = join(daemon.folder, 'alerts.json');
  await writeFile(file, JSON.stringify({ rule_files: [rulesFile], evaluation_interval: '15s', tests }));
  const { exitCode, stdout, stderr } = await execa('promtool', ['test', 'rules', file], { reject: false });
  expect([exitCode, exitCode === 0 ? '' : `${stdout}${stderr}`]).toEqual([0, '']);
});

test('each alert says what is wrong, and its next step begins with a command where there is one', () => {
  for (const { alert, labels, annotations } of rules) {
    expect([alert, ['page', 'ticket']]).toEqual([alert, expect.arrayContaining([labels.severity])]);
    expect([alert, annotations.summary]).toEqual([alert, expect.stringMatching(/\S/)]);
    expect([alert, annotations.runbook]).toEqual([alert, expect.stringMatching(/mirolive [a-z]+/)]);
  }
});
