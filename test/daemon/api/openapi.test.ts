import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { calls } from '../../../src/contract/api.ts';
import { openApiDocument } from '../../../src/daemon/api/openapi.ts';

const document = openApiDocument('1.2.3') as {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
};
interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, { readonly content: Record<string, { readonly schema: unknown }> }>;
}

test('It has every call once', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(calls).toSorted());
});

test('What many calls have stands once, and each reference leads to something', () => {
  const text = JSON.stringify(document);
  const meant = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref));
  const there = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...meant].toSorted()).toEqual(there.toSorted());
  expect(document.paths['/v1/broadcasts/{id}']?.get?.responses[200]?.content['application/json']).toEqual({
    schema: { $ref: '#/components/schemas/Broadcast' },
  });
});

test('What is given may lack what has a default, and what is answered may not', () => {
  const { NewPlaylistSource, PlaylistSource } = document.components.schemas;
  expect(NewPlaylistSource).toMatchObject({ required: ['kind', 'items'] });
  expect(PlaylistSource).toMatchObject({ required: ['kind', 'items', 'loop', 'shuffle'] });
});

test('A linter of such documents finds nothing in it', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const found = await lintFromString({ source: JSON.stringify(document), config });
  expect(found.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
});
