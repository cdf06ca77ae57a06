import { textWithoutAddresses, withoutAddresses } from './hidden-addresses.ts';
import { withoutSecretsIn } from './source-words.ts';

/** What stands where a secret was. */
const hidden = '…';

/** Keys whose values are secrets, or lead to one, whatever they look like. */
const secretKeys =
  /secret|token|passw|passphrase|authorization|cookie|credential|private|signature|api[-_]?key|hash$|streamid/i;
/** Programs of the configuration that are run when something happens: their arguments may hold anything. */
const programKeys = /^on(?:Live|Ended|Trouble|Recovery|Publish|Unpublish)$/;

/** What a word is called whose value is a secret, in a text. It may go on, but not without end: a search costs as much as the text is long. */
const named =
  '(?:secret|token|passw(?:or)?d|passphrase|authorization|cookie|credential|api[-_]?key|streamid)';
/** An option of a command line that takes a secret: `--token`, `-password`. */
const option = `(?<![\\w-])--?[\\w-]{0,40}?(?:${named}|headers)[\\w-]{0,40}`;
const secretOption = new RegExp(`^${option}$`, 'i');

/** Secrets in a text, by what stands before them or by their form. */
const inText: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g, hidden],
  [/\bwhsec_[\w+/=-]+/g, `whsec_${hidden}`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  // In quotes, with spaces too.
  [
    new RegExp(`(${named}\\w{0,40}["']?\\s*[=:]\\s*)(["'])(?:(?!\\2)[^\\\\\\n]|\\\\.)+\\2`, 'gi'),
    `$1$2${hidden}$2`,
  ],
  [new RegExp(`(${named}\\w{0,40}["']?\\s*[=:]\\s*["']?)(?!["'{[\\s])[^\\s"'&,;}\\]]+`, 'gi'), `$1${hidden}`],
  // As words of a command line, and as a list of them.
  [new RegExp(`(${option}(?:[ \\t]+|=))(["'])(?:(?!\\2)[^\\n])+\\2`, 'gi'), `$1$2${hidden}$2`],
  [new RegExp(`(${option}(?:[ \\t]+|=))(?!["'])\\S+`, 'gi'), `$1${hidden}`],
  [new RegExp(`(${option}(\\\\?["']),\\s*\\2)(?:(?!\\2)[^\\n])+`, 'gi'), `$1${hidden}`],
];

/** A text that may be handed to somebody else: without secrets of any kind, and without addresses of anybody. */
export function scrubbed(text: string): string {
  const told = inText.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
  return textWithoutAddresses(withoutSecretsIn(told));
}

/** The same of a value, by its keys too. */
export function scrubbedValue(value: unknown): unknown {
  return withoutAddresses(withoutSecretValues(value));
}

function withoutSecretValues(value: unknown): unknown {
  if (typeof value === 'string') return scrubbed(value);
  if (Array.isArray(value)) return value.map((one, at) => scrubbedWord(one, value[at - 1]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [scrubbed(key), scrubbedField(key, inner)]),
  );
}

/** What stands in a list, which may be the words of a command line. */
function scrubbedWord(value: unknown, before: unknown): unknown {
  const isSecret = typeof before === 'string' && secretOption.test(before);
  return isSecret ? hiddenLeaves(value) : withoutSecretValues(value);
}

function scrubbedField(key: string, inner: unknown): unknown {
  // What a hook has printed, as the log has it: anybody's program, of which nothing is known.
  if (key === 'output' && typeof inner === 'string') return hiddenLeaves(inner);
  if (secretKeys.test(key)) return hiddenLeaves(inner);
  if (key === 'headers' && typeof inner === 'object') return hiddenLeaves(inner);
  if (programKeys.test(key) && Array.isArray(inner))
    return inner.map((word, at) => (at === 0 ? scrubbed(String(word)) : hidden));
  return withoutSecretValues(inner);
}

/** All that is in it, however deep, but that there is nothing, yes and no: those help, and are nobody's secret. */
function hiddenLeaves(value: unknown): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return hidden;
  if (Array.isArray(value)) return value.map(hiddenLeaves);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [scrubbed(key), hiddenLeaves(inner)]),
  );
}
