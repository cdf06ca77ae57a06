import type { z } from 'zod';
import { withoutSecretsIn } from './source-words.ts';

/** What a schema finds wrong. */
export type Issue = z.core.$ZodIssue;

/** A longer text is told by its length alone. */
const maxShown = 200;

/** What the schema wants, in words. Schemas that know better say so themselves: their message begins with 'expected'. */
export function expectation(issue: Issue): string {
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length);
  switch (issue.code) {
    case 'invalid_type':
      return typeWords[issue.expected] ?? issue.expected;
    case 'too_small':
      if (issue.origin === 'number' || issue.origin === 'int') return `at least ${issue.minimum}`;
      return 'something that is not empty';
    case 'too_big':
      return `at most ${issue.maximum}${sizeWords[issue.origin] ?? ''}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'invalid_format':
      return formatWords[issue.format] ?? issue.format;
    case 'invalid_union':
      if (issue.errors.length === 0) return `a known ${String(issue.path.at(-1))}`;
      return [...new Set(issue.errors.flat().map(expectation))].join(' or ');
    default:
      return issue.message;
  }
}

const sizeWords: Readonly<Record<string, string>> = { array: ' of them', string: ' characters' };

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'keys with values',
  record: 'names with values',
  string: 'text',
};

const formatWords: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  url: 'an address that begins with http:// or https://',
};

/** A value in words, no longer than a line. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (value === '') return 'empty text';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string' && value.length > maxShown) return `${value.length} characters`;
  if (typeof value === 'string') return JSON.stringify(withoutSecretsIn(value));
  return typeof value === 'object' ? 'keys with values' : JSON.stringify(value);
}

/** The value at a path. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value);
}

/** What was expected, and what was got: a schema that looks into a text or a list says itself what it found there. */
export function expectedAndGot(issue: Issue, value: unknown): string {
  const wanted = `expected ${expectation(issue)}`;
  return wanted.includes(', got ') ? wanted : `${wanted}, got ${shown(valueAt(value, issue.path))}`;
}

/** One sentence about what a schema finds wrong with a value: where, what was expected, what was got. */
export function issueSentence(issue: Issue, value: unknown): string {
  const place = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  if (issue.code === 'unrecognized_keys')
    return `${place}expected only what the call takes, got ${issue.keys.join(', ')}`;
  return `${place}${expectedAndGot(issue, value)}`;
}
