import * as z from 'zod';
import { type Call, calls } from '../../contract/api.ts';
import { control } from '../../contract/control.ts';
import { type ErrorCode, errorTable } from '../../contract/errors.ts';
import {
  broadcast,
  playlistEntrySource,
  playlistItem,
  playlistSource,
  source,
} from '../../contract/models.ts';
import { plan } from '../../contract/plan.ts';
import { schedule, scheduledCall } from '../../contract/schedule.ts';

const pathParameter = /:(\w+)/g;

/** What many calls have stands once in the document, under these names. */
const names = z.registry<{ id: string }>();
const named = {
  ...{ Broadcast: broadcast, Control: control, Plan: plan, PlaylistItem: playlistItem },
  ...{ PlaylistEntrySource: playlistEntrySource, PlaylistSource: playlistSource, Source: source },
  ...{ Schedule: schedule, ScheduledCall: scheduledCall },
};
for (const [id, schema] of Object.entries(named)) names.add(schema, { id });

/** The control API as an OpenAPI 3.1 document, made from the table of calls and the table of errors. */
export function openApiDocument(version: string): Record<string, unknown> {
  const schemas: Schemas = { Error: errorSchema };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, call] of Object.entries(calls) as [string, Call][]) {
    const path = call.path.replace(pathParameter, '{$1}');
    paths[path] = { ...paths[path], [call.method.toLowerCase()]: operation(name, call, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'mirolive control API',
      version,
      description: 'HTTP and JSON on the control socket: curl --unix-socket PATH http://mirolive/v1/status',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://mirolive', description: 'On the control socket, whatever the host is called.' }],
    // Whoever may open the socket is known by it; from elsewhere by a token.
    security: [{}, { token: [] }],
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function operation(name: string, call: Call, schemas: Schemas): Record<string, unknown> {
  const body = schemaOf(call.params, 'input', schemas);
  const inPath = [...call.path.matchAll(pathParameter)].map((match) => match[1]);
  const entries = Object.entries(body.properties ?? {});
  const parameters = entries
    .filter(([key]) => inPath.includes(key) || call.method !== 'POST')
    .map(([key, value]) => ({
      name: key,
      in: inPath.includes(key) ? 'path' : 'query',
      required: inPath.includes(key) || (body.required ?? []).includes(key),
      schema: value,
    }));
  const result = schemaOf(call.result, 'output', schemas);
  const type = call.stream ? 'application/x-ndjson' : 'application/json';
  return {
    operationId: name,
    summary: call.summary,
    'x-needs': call.needs,
    parameters,
    ...(call.method === 'POST' ? { requestBody: { required: true, content: sentBy(call, body) } } : {}),
    responses: {
      200: { description: call.summary, content: { [type]: { schema: result } } },
      ...errorResponses(call.errors),
    },
  };
}

function sentBy(call: Call, body: JsonSchema): Record<string, unknown> {
  return call.bytes
    ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
    : { 'application/json': { schema: body } };
}

/** A schema; what has a name in it stands among `schemas`, `New` before it where it is given and some of it may be left out. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): JsonSchema {
  const written = z.toJSONSchema(schema, { io, unrepresentable: 'any', metadata: names });
  const prefix = io === 'input' ? 'New' : '';
  const {
    $schema: _,
    $defs = {},
    ...whole
  } = JSON.parse(
    JSON.stringify(written).replaceAll('"#/$defs/', `"#/components/schemas/${prefix}`),
  ) as JsonSchema & { readonly $schema?: string; readonly $defs?: Schemas };
  const id = names.get(schema)?.id;
  // One that is its own part, by a reference, stands among the parts already.
  const found = id === undefined || Object.hasOwn($defs, id) ? $defs : { ...$defs, [id]: whole };
  for (const [name, one] of Object.entries(found)) schemas[`${prefix}${name}`] = withoutId(one);
  return id === undefined ? whole : { $ref: `#/components/schemas/${prefix}${id}` };
}

function withoutId(schema: unknown): unknown {
  const { id: _, ...rest } = schema as Record<string, unknown>;
  return rest;
}

type Schemas = Record<string, unknown>;

interface JsonSchema {
  readonly $ref?: string;
  readonly properties?: Record<string, unknown>;
  readonly required?: string[];
}

/** One response per status: several codes may share one. */
function errorResponses(codes: readonly ErrorCode[]): Record<string, unknown> {
  const responses: Record<string, { description: string; content: unknown }> = {};
  for (const code of ['INVALID_REQUEST' as const, ...codes]) {
    const { status, summary } = errorTable[code];
    const description = `${code}: ${summary}`;
    const known = responses[status]?.description;
    responses[status] = {
      description: known ? `${known} ${description}` : description,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    };
  }
  return responses;
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'hint'],
      properties: {
        code: { type: 'string', enum: Object.keys(errorTable) },
        message: { type: 'string', description: 'What was expected and what was got.' },
        hint: { type: 'string', description: 'The next command to run.' },
      },
    },
  },
};
