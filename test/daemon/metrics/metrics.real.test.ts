import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import type { Trouble } from '../../../src/daemon/health.ts';
import { Metrics } from '../../../src/daemon/metrics/metrics.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';
import { figures, lobby, viewer } from './samples.ts';

function made(port = 0) {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  const told: (Trouble | null)[] = [];
  let asked = 0;
  const health = { lost: (_: string, trouble: Trouble) => told.push(trouble), found: () => told.push(null) };
  const measure = () => {
    asked += 1;
    return { ...figures, rooms: [{ ...lobby, viewers: Array(2000).fill(viewer) }] };
  };
  const config = { enabled: true, host: '127.0.0.1', port };
  const create = () => Metrics.create({ config, hub, health, clock, measure, knows: () => true });
  return { clock, hub, told, create, asked: () => asked };
}

test('Metrics answers /metrics and nothing else, and a flood is told the same again', async () => {
  const { create, hub, asked, clock } = made();
  await using metrics = await create();
  hub.announce({ type: 'worker.died', pid: 1, message: 'killed' });
  const at = `http://127.0.0.1:${metrics?.port}`;
  const [first, second] = await Promise.all([fetch(`${at}/metrics`), fetch(`${at}/metrics`)]);
  const said = await first.text();
  expect(said).toContain('mirolive_viewers{room="lobby",kind="page",state="playing"} 2000\n');
  expect(said).toContain('mirolive_events_total{type="worker.died"} 1\n');
  expect(first.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const headers = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' };
  const open = await fetch(`${at}/metrics`, { headers });
  expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(await open.text()).toContain('# EOF');
  expect([await second.text(), asked()]).toEqual([said, 1]);
  expect((await fetch(`${at}/v1/status`)).status).toBe(404);
  expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).toBe(404);
  await clock.pass(1000);
  await (await fetch(`${at}/metrics`)).text();
  expect(asked()).toBe(2);
  const garbage = connect(metrics?.port ?? 0, '127.0.0.1');
  garbage.write('\u0016\u0003\u0001 no HTTP\r\n\r\n');
  expect(await text(garbage)).toContain('400');
});

test('Metrics tells of a port that is taken, and has it once it is free', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const { create, told, clock } = made(port);
  await using metrics = await create();
  expect([metrics?.port, told.at(-1)?.reason]).toEqual([null, expect.stringContaining('EADDRINUSE')]);
  await new Promise((resolve) => other.close(resolve));
  await clock.pass(10_000);
  await expect.poll(() => metrics?.port).toBe(port);
  expect(told.at(-1)).toBe(null);
  await metrics?.close();
  await metrics?.close();
  expect(clock.timers).toBe(0);
});
