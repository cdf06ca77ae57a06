import * as z from 'zod';
import { type Call, calls } from '../../contract/api.ts';
import { type ErrorCode, errorTable } from '../../contract/errors.ts';

const pathParameter = /:(\w+)/g;

/** The control API as an OpenAPI 3.1 document, made from the table of calls and the table of errors. */
export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, call] of Object.entries(calls) as [string, Call][]) {
    const path = call.path.replace(pathParameter, '{$1}');
    paths[path] = { ...paths[path], [call.method.toLowerCase()]: operation(name, call) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'mirolive control API',
      version,
      description: 'HTTP and JSON on the control socket: curl --unix-socket PATH http://mirolive/v1/status',
    },
    paths,
    components: { schemas: { Error: errorSchema } },
  };
}

function operation(name: string, call: Call): Record<string, unknown> {
  const schema = z.toJSONSchema(call.params, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const inPath = [...call.path.matchAll(pathParameter)].map((match) => match[1]);
  const entries = Object.entries(schema.properties ?? {});
  const parameters = entries
    .filter(([key]) => inPath.includes(key) || call.method !== 'POST')
    .map(([key, value]) => ({
      name: key,
      in: inPath.includes(key) ? 'path' : 'query',
      required: inPath.includes(key) || (schema.required ?? []).includes(key),
      schema: value,
    }));
  const { $schema: _, ...body } = schema;
  const { $schema: __, ...result } = z.toJSONSchema(call.result, { unrepresentable: 'any' });
  const type = call.stream ? 'application/x-ndjson' : 'application/json';
  return {
    operationId: name,
    summary: call.summary,
    'x-needs': call.needs,
    parameters,
    ...(call.method === 'POST'
      ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } }
      : {}),
    responses: {
      200: { description: call.summary, content: { [type]: { schema: result } } },
      ...errorResponses(call.errors),
    },
  };
}

interface JsonSchema {
  readonly $schema?: string;
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
