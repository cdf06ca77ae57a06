import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import { type Call, calls } from '../../../src/contract/api.ts';
import { errorTable } from '../../../src/contract/errors.ts';
import { openApiDocument } from '../../../src/daemon/api/openapi.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { fromSchema, type Schema } from '../../helpers/from-schema.ts';

/** Of each call; the same ones each time, so that what is found once is found again. */
const tries = 25;
const seed = 20261129;

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

const document = openApiDocument('0.0.0') as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    operation,
    name: operation.operationId,
  })),
);

let server: TestDaemon;
let filesBefore: number;
beforeAll(async () => {
  server = await startDaemon({
    media: { probeTimeout: '1s' },
    limits: { broadcasts: 4 },
    log: { level: 'error' },
  });
  filesBefore = openFiles();
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
}, 60_000);

test.each(operations)(
  '$name answers as it says, whatever it is given',
  async ({ path, method, operation }) => {
    const { schemas } = document.components;
    const { parameters, requestBody } = operation;
    const given = fc.record({
      parameters: fc.tuple(...parameters.map(({ schema }) => fromSchema(schema, schemas))),
      body: requestBody ? fromSchema(bodyOf(requestBody).schema, schemas) : fc.constant(undefined),
    });
    const type = requestBody && bodyOf(requestBody).type;
    const call: Call = calls[operation.operationId as keyof typeof calls];
    await fc.assert(
      fc.asyncProperty(given, async (made) => {
        const { status, body } = await ask(
          method,
          filled(path, parameters, made.parameters),
          made.body,
          type,
        );
        const declared = [...Object.keys(operation.responses), '404', '413'];
        expect(declared, body).toContain(String(status));
        if (status === 200 && call.stream) return;
        if (status === 200) call.result.parse(JSON.parse(body));
        else {
          const { error } = JSON.parse(body);
          expect(Object.keys(errorTable)).toContain(error.code);
          expect(error.message).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
        }
      }),
      { numRuns: tries, seed, endOnFailure: true },
    );
  },
  120_000,
);

test('Nothing of all that is left', async () => {
  const client = createClient(server.socket);
  for (const { id } of (await client.call('status', {})).broadcasts)
    await client.call('stopBroadcast', { id });
  await expect
    .poll(async () => (await client.call('status', {})).broadcasts, { timeout: 60_000 })
    .toEqual([]);
  await expect.poll(openFiles, { timeout: 60_000 }).toBeLessThanOrEqual(filesBefore + 20);
});

function bodyOf({ content }: NonNullable<Operation['requestBody']>): { type: string; schema: Schema } {
  const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(content);
  return { type, schema };
}

/** Puts parameters where they belong; what is no text is sent as JSON. */
function filled(path: string, parameters: Operation['parameters'], values: readonly unknown[]): string {
  const query = new URLSearchParams();
  let whole = path;
  for (const [index, { name, in: place }] of parameters.entries()) {
    const value = values[index];
    const word = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    if (place === 'path')
      whole = whole.replace(`{${name}}`, encodeURIComponent(word.toWellFormed().slice(0, 200)));
    else query.append(name, word);
  }
  return query.size > 0 ? `${whole}?${query}` : whole;
}

/** The head of an answer that does not end counts: a stream is left after its first piece. */
function ask(
  method: string,
  path: string,
  body: unknown,
  type = 'application/json',
): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const outgoing = request({ socketPath: server.socket, method: method.toUpperCase(), path });
  outgoing.on('error', reject);
  outgoing.on('response', async (incoming) => {
    const status = incoming.statusCode ?? 0;
    const isStream = incoming.headers['content-type'] === 'application/x-ndjson';
    if (isStream) incoming.destroy();
    resolve({ status, body: isStream ? '' : await text(incoming) });
  });
  if (body !== undefined) outgoing.setHeader('content-type', type);
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

test.each(['/v1/rooms/%', '/v1/rooms/%00', `/v1/rooms/${'a'.repeat(5000)}`, '//', '/v1/rooms/../../x'])(
  'a path such as %s is answered as any other call',
  async (path) => {
    const { status, body } = await ask('get', path, undefined);
    expect(Object.keys(errorTable)).toContain(JSON.parse(body).error?.code);
    expect(status).toBeOneOf([400, 404]);
  },
);
