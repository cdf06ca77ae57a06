import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Client } from '../../../src/cli/client.ts';
import { MortalDaemon } from '../../helpers/mortal-daemon.ts';
import { serveHttp } from '../../helpers/servers/http-server.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

interface Got {
  readonly path: string;
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Receivers by their paths, each with what it answers now. */
async function receive(answers: Record<string, number>) {
  const got: Got[] = [];
  const server = await serveHttp(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const path = request.url ?? '';
    response.writeHead(answers[path] ?? 404).end();
    got.push({ path, id: String(request.headers['webhook-id']), headers: request.headers, body });
  });
  return { ...server, got, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

/** Something happens in a room that needs nothing of the machine. */
async function happen(client: Client, room: string, name: string): Promise<void> {
  await client.call('addSchedule', {
    name,
    spec: {
      ...{ room, when: { at: '2099-12-01 09:00', zone: 'UTC' } },
      what: { call: 'startBroadcast', params: { source: { kind: 'test' } } },
    },
  });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20);
}

test('webhooks are told what happens, and a daemon that is killed loses nothing of what waits, and changes no id', async () => {
  await using folder = await temporaryFolder();
  const answers: Record<string, number> = { '/well': 204, '/dead': 503, '/gone': 410 };
  await using server = await receive(answers);
  await using daemon = await MortalDaemon.create(folder.path, { webhooks: { allow: ['127.0.0.1'] } });
  const { client } = daemon;
  const of = (path: string) => server.got.filter((one) => one.path === path);
  await daemon.start();
  const add = async (path: string) =>
    await client.call('addWebhook', {
      url: `http://127.0.0.1:${server.port}${path}`,
      events: ['schedule.changed'],
    });
  const [well, dead, gone] = [await add('/well'), await add('/dead'), await add('/gone')];
  expect(await client.call('testWebhook', { id: dead.webhook.id })).toMatchObject({
    ...{ taken: false, status: 503, problem: 'it answered 503' },
  });
  expect(await client.call('testWebhook', { id: well.webhook.id })).toMatchObject({
    taken: true,
    status: 204,
  });
  // The example of the documentation, as whoever receives would have it.
  const [page] = /^```js\n([\s\S]*?)^```/m.exec(await readFile('docs/webhooks.md', 'utf8'))?.slice(1) ?? [];
  const example = join(folder.path, 'verify.mjs');
  await writeFile(example, page ?? '');
  const { verify } = (await import(example)) as {
    verify: (secret: string, headers: object, body: string) => unknown;
  };
  const [tested] = of('/well');
  const { headers = {}, body = '' } = tested ?? {};
  expect(verify(well.secret, headers, body)).toMatchObject({ type: 'webhook.test' });
  expect(() => verify(dead.secret, headers, body)).toThrow();
  expect(() => verify(well.secret, headers, `${body} `)).toThrow();
  expect(() => verify(well.secret, { ...headers, 'webhook-timestamp': '1' }, body)).toThrow();

  for (const [room, name] of [
    ['a', 'one'],
    ['a', 'two'],
    ['b', 'three'],
    ['a', 'four'],
  ] as const)
    await happen(client, room, name);
  // The test, and what has happened.
  await until(() => of('/well').length >= 5);
  const sequences = of('/well').flatMap((one) => {
    const { type, sequence, data } = JSON.parse(one.body);
    return type === 'schedule.changed' && data.room === 'a' ? [sequence] : [];
  });
  expect(sequences).toEqual([1, 2, 3]);
  const log = async () => await client.call('webhookLog', { id: dead.webhook.id });
  await until(async () => (await log()).filter(({ type }) => type === 'schedule.changed').length === 4);
  const waiting = await log();
  await until(async () => {
    const found = (await client.call('listWebhooks', {})).find(({ id }) => id === gone.webhook.id);
    return found?.endedAt !== null;
  });
  // One of each room was under way.
  const lastOfGone = of('/gone').length;
  expect(lastOfGone).toBeLessThanOrEqual(2);

  await daemon.kill();
  answers['/dead'] = 200;
  answers['/gone'] = 200;
  const before = of('/dead').length;
  await daemon.start();
  const arrived = () =>
    of('/dead')
      .slice(before)
      .map(({ id }) => id);
  const ids = waiting.map(({ event }) => event);
  await until(() => ids.every((id) => arrived().includes(id)));
  // In its place nothing else has come.
  expect(arrived().filter((id) => !ids.includes(id))).toEqual([]);
  const bodies = new Map(server.got.map(({ path, id, body }) => [`${path} ${id}`, body]));
  for (const one of server.got) expect(bodies.get(`${one.path} ${one.id}`)).toBe(one.body);
  expect(of('/gone')).toHaveLength(lastOfGone);

  await until(async () => (await log()).every(({ state }) => state === 'taken'));
  const [last] = await log();
  const times = () => of('/dead').filter(({ id }) => id === last?.event).length;
  const sentBefore = times();
  const again = await client.call('redeliverWebhook', { id: dead.webhook.id, events: [last?.event ?? ''] });
  expect(again).toEqual({ id: dead.webhook.id, waiting: 1 });
  await until(() => times() > sentBefore);
  const audit = JSON.stringify(await client.call('listAudit', {}));
  expect(audit).toContain('addWebhook');
  for (const { secret } of [well, dead, gone]) {
    expect(audit).not.toContain(secret);
    expect(await daemon.lastWords()).not.toContain(secret);
  }
});
