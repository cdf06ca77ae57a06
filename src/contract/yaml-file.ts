import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ErrorCode, MiroliveError } from './errors.ts';
import { keySuggestion } from './key-suggestion.ts';
import { quoted } from './quoted.ts';
import { expectation, expectedAndGot, type Issue } from './schema-words.ts';
import { type YamlFault as Problem, yamlFaults } from './yaml-faults.ts';

type Path = readonly (string | number)[];

/** What is wrong with a value of the file. */
export interface FileProblem {
  readonly path: Path;
  /** Begins with 'expected'. */
  readonly message: string;
}

/** What a file has to hold. */
export interface YamlRules<S extends z.ZodType> {
  readonly schema: S;
  /** The error where it does not. */
  readonly code: ErrorCode;
  /** Brings short forms into the one that the schema describes; keeps places. */
  readonly prepare?: (value: unknown) => unknown;
  /** What the schema cannot say, found in what `prepare` gave, however wrong the rest is. */
  readonly besides?: (value: unknown) => readonly FileProblem[];
}

/** Lines, and items and keys that share one: 10,000 items of a playlist with all that can be said of them. */
const maxParts = 150_000;
/** Of so many problems at most it is said where they are. */
const maxToldProblems = 100;

/** Checks the text of a YAML file. The error names `file:line:column` of each problem, one per line. */
export function parseYaml<S extends z.ZodType>(text: string, file: string, rules: YamlRules<S>): z.output<S> {
  const { schema, code, prepare = (value) => value, besides = () => [] } = rules;
  if (partsOf(text) > maxParts) throw tooLarge(code, file, `${maxParts} lines, items and keys`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const fail = (problems: readonly Problem[]): never => {
    const sorted = problems.toSorted((a, b) => a.offset - b.offset);
    const message = sorted.map((problem) => {
      const { line, col } = lines.linePos(problem.offset);
      return `${file}:${line}:${col}: ${problem.message}`;
    });
    throw new MiroliveError(code, message.join('\n'), { details: { file } });
  };

  if (document.errors.length > 0) {
    fail(
      document.errors
        .slice(0, maxToldProblems)
        .map((error) => ({ offset: error.pos[0], message: yamlMessage(error) })),
    );
  }
  const faults = yamlFaults(document, maxParts);
  if (faults.length > 0) fail(faults.slice(0, maxToldProblems));
  // How much aliases may stand for is known by now.
  const value = prepare(document.toJS({ maxAliasCount: -1 }));
  const result = schema.safeParse(value);
  const more = besides(value).map(
    (problem) => ({ ...problem, path: [...problem.path], code: 'custom' }) as Issue,
  );
  if (result.success && more.length === 0) return result.data;
  const issues = [...(result.error?.issues ?? []), ...more];
  return fail(
    issues.slice(0, maxToldProblems).flatMap((issue) => problemsOf(issue, document, value, schema)),
  );
}

/** Says where in a YAML file something stands, or would: `file:line:column`. The text is read once, and not before somebody asks. */
export function placesInYaml(text: string, file: string): (path: Path) => string {
  const lines = new LineCounter();
  let document: Document | undefined;
  return (path) => {
    document ??= parseDocument(text, { lineCounter: lines, logLevel: 'error' });
    const { line, col } = lines.linePos(valueOffset(document, path));
    return `${file}:${line}:${col}`;
  };
}

/** That a file is too large to be read; no line of it is wrong. */
export function tooLarge(code: ErrorCode, file: string, most: string): MiroliveError {
  const command = { INVALID_PLAYLIST: 'playlist check', INVALID_EVENT: 'diff -f' }[code as 'INVALID_EVENT'];
  return new MiroliveError(code, `${file}: expected at most ${most}`, {
    hint: `Shorten or divide it, then run: mirolive ${command ?? 'config check'} ${quoted(file)}`,
  });
}

/** Found without reading it as YAML, which takes 10 µs for each. */
function partsOf(text: string): number {
  let parts = 1;
  for (const character of text) if ('\n,[{'.includes(character)) parts++;
  return parts;
}

function yamlMessage(error: Error & { code?: string }): string {
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; expected one';
    case 'DUPLICATE_KEY':
      return 'expected each key once; this one is there already';
    case 'RESOURCE_EXHAUSTION':
      return 'nested too deeply to be read';
    default:
      return `not YAML: ${error.message}`;
  }
}

function problemsOf(issue: Issue, document: Document, value: unknown, schema: z.ZodType): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      offset: keyOffset(document, path, key),
      message: `unknown key ${[...path, key].join('.')}; ${keySuggestion(schema, path, key)}`,
    }));
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    const place = path.slice(0, -1);
    const [wanted] = issue.issues.map(expectation);
    return [
      {
        offset: keyOffset(document, place, key),
        message: `a name in ${place.join('.')}: expected ${wanted}, got ${JSON.stringify(key)}`,
      },
    ];
  }
  // Of several forms only that of the value says what is wrong within it.
  const forms = issue.code === 'invalid_union' && !issue.message.startsWith('expected ') ? issue.errors : [];
  const [meant, other] = forms.filter((form) => form.every(isWithin));
  if (meant && !other)
    return meant.flatMap((inner) =>
      problemsOf({ ...inner, path: [...path, ...inner.path] } as Issue, document, value, schema),
    );
  const name = path.length === 0 ? 'the file' : path.join('.');
  return [
    {
      offset: valueOffset(document, path),
      message: `${name}: ${expectedAndGot(issue, value)}`,
    },
  ];
}

function isWithin({ code, path }: Pick<Issue, 'code' | 'path'>): boolean {
  return path.length > 0 || code === 'unrecognized_keys';
}

function keyOffset(document: Document, path: Path, key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map)
    ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    : undefined;
  return isNode(pair?.key) ? (pair.key.range?.[0] ?? 0) : valueOffset(document, path);
}

/** Of the value, else of what it would stand in. */
function valueOffset(document: Document, path: Path): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNode(node)) return node.range?.[0] ?? 0;
  return path.length === 0 ? 0 : valueOffset(document, path.slice(0, -1));
}
