// Writes the parts of docs/ that are made from the contract: `node scripts/docs.ts`. A test holds them up to date.
import { mkdir, writeFile } from 'node:fs/promises';
import { type Call, calls } from '../src/contract/api.ts';
import { type ErrorEntry, errorTable } from '../src/contract/errors.ts';
import { openApiDocument } from '../src/daemon/api/openapi.ts';
import { versions } from '../src/daemon/version.ts';

/** The generated files of docs/, by name. */
export function generatedDocs(): Record<string, string> {
  return {
    'errors.md': errors(),
    'control-api-calls.md': callTable(),
    'openapi.json': `${JSON.stringify(openApiDocument(versions.version), null, 2)}\n`,
  };
}

function errors(): string {
  const rows = (Object.entries(errorTable) as [string, ErrorEntry][]).map(
    ([code, { status, exit, summary, hint }]) =>
      `| \`${code}\` | ${status} | ${exit} | ${summary} | ${hint} |`,
  );
  return [
    '# Errors',
    '',
    'Every error has a code that scripts may match, a sentence with what was expected and what was got, and the next',
    'command to run. On the command line: `error: …` and `next: …` on standard error, or `{"error": {"code", "message", "hint"}}`',
    'with `--json`. On the control API: the same object with the HTTP status.',
    '',
    '| code | HTTP | exit status | when | next |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    'Exit statuses: 0 done, 1 failed, 2 usage, 3 daemon not reachable, 4 not found, 5 conflict, 130 interrupted by Ctrl-C',
    '(129 by SIGHUP, 143 by SIGTERM).',
    '',
  ].join('\n');
}

function callTable(): string {
  const rows = (Object.entries(calls) as [string, Call][]).map(([name, call]) => {
    const params = Object.keys(call.params.shape).map((key) => `\`${key}\``);
    const problems = call.errors.map((code) => `\`${code}\``);
    return `| \`${call.method} ${call.path}\` | ${name} | ${call.summary} | ${params.join(', ')} | ${problems.join(', ')} |`;
  });
  return [
    '# Calls of the control API',
    '',
    'How to reach it: [control-api.md](control-api.md). The schemas: [openapi.json](openapi.json).',
    '',
    '| call | name | what it does | parameters | errors besides INVALID_REQUEST |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) {
  const folder = new URL('../docs/', import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(generatedDocs())) await writeFile(new URL(name, folder), text);
}
