import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Config, config } from './config.ts';
import { MiroliveError } from './errors.ts';
import { nearest } from './nearest.ts';

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

/** What is wrong, and at which character of the text. */
interface Problem {
  readonly offset: number;
  readonly message: string;
}

/** Reads and checks a configuration file; null gives the built-in defaults. */
export async function loadConfig(path: string | null): Promise<Config> {
  if (path === null) return config.parse({});
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new MiroliveError('INVALID_CONFIG', `cannot read the configuration: ${(cause as Error).message}`, {
      cause,
      hint: `Check that the file is there and may be read: ls -l ${path}`,
    });
  }
  return parseConfig(text, path);
}

/** Checks the text of a configuration file. The error names `file:line:column` of each problem, one per line. */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const fail = (problems: readonly Problem[]): never => {
    const sorted = problems.toSorted((a, b) => a.offset - b.offset);
    const message = sorted.map((problem) => {
      const { line, col } = lines.linePos(problem.offset);
      return `${file}:${line}:${col}: ${problem.message}`;
    });
    throw new MiroliveError('INVALID_CONFIG', message.join('\n'), { details: { file } });
  };

  if (document.errors.length > 0) {
    fail(document.errors.map((error) => ({ offset: error.pos[0], message: yamlMessage(error) })));
  }
  let value: unknown;
  try {
    value = withoutEmptySections(document.toJS());
  } catch (error) {
    // An alias without its anchor, or aliases that unfold without end.
    fail([{ offset: 0, message: yamlMessage(error as Error) }]);
  }
  const result = config.safeParse(value);
  if (result.success) return result.data;
  return fail(result.error.issues.flatMap((issue) => problemsOf(issue, document, value)));
}

function yamlMessage(error: Error & { code?: string }): string {
  return error.code === 'MULTIPLE_DOCS'
    ? 'a second document begins here; expected one'
    : `not YAML: ${error.message}`;
}

/** A file, or a section, with nothing but comments in it is as good as none. */
function withoutEmptySections(value: unknown): unknown {
  if (value === null) return {};
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key, section]) => section !== null || !(key in config.shape)),
  );
}

function problemsOf(issue: Issue, document: Document, value: unknown): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      offset: keyOffset(document, path, key),
      message: `unknown key ${[...path, key].join('.')}; ${suggestion(path, key)}`,
    }));
  }
  const name = path.length === 0 ? 'the file' : path.join('.');
  return [
    {
      offset: valueOffset(document, path),
      message: `${name}: expected ${expectation(issue)}, got ${shown(at(value, path))}`,
    },
  ];
}

/** What the schema wants, in words. Schemas that know better say so themselves: their message begins with 'expected'. */
function expectation(issue: Issue): string {
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length);
  switch (issue.code) {
    case 'invalid_type':
      return typeWords[issue.expected] ?? issue.expected;
    case 'too_small':
      return issue.origin === 'number' ? `at least ${issue.minimum}` : 'something that is not empty';
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'invalid_format':
      return formatWords[issue.format] ?? issue.format;
    case 'invalid_union':
      return [...new Set(issue.errors.flat().map(expectation))].join(' or ');
    default:
      return issue.message;
  }
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'keys with values',
  string: 'text',
};

const formatWords: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  url: 'an address that begins with http:// or https://',
};

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (value === '') return 'empty text';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'keys with values' : JSON.stringify(value);
}

/** The nearest key of the same section; else the section where such a key lives; else all that is known here. */
function suggestion(path: Path, key: string): string {
  const known = keysAt(path);
  const meant = nearest(key, known) ?? elsewhere(key);
  return meant === undefined ? `known here: ${known.join(', ')}` : `did you mean ${meant}?`;
}

function keysAt(path: Path): string[] {
  const section = path[0];
  return Object.keys(section === undefined ? config.shape : sectionShape(section));
}

function elsewhere(key: string): string | undefined {
  const section = Object.keys(config.shape).find((name) => Object.hasOwn(sectionShape(name), key));
  return section === undefined ? undefined : `${section}.${key}`;
}

function sectionShape(name: string | number): Readonly<Record<string, unknown>> {
  return config.shape[name as keyof typeof config.shape].def.innerType.shape;
}

function keyOffset(document: Document, path: Path, key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map)
    ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  return isNode(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

function valueOffset(document: Document, path: Path): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)?.[key], value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
