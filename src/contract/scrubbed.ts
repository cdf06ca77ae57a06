import { textWithoutAddresses, withoutAddresses } from './hidden-addresses.ts';
import { withoutSecretsIn } from './source-words.ts';

/** What stands where a secret was. */
const hidden = '…';

/** Keys whose values are secrets, or lead to one, whatever they look like. */
const secretKeys =
  /secret|token|passw|passphrase|authorization|cookie|credential|private|signature|api[-_]?key|hash$|streamid/i;
/** Programs of the configuration that are run when something happens: their arguments may hold anything. */
const programKeys = /^on(?:Live|Ended|Trouble|Recovery|Publish|Unpublish)$/;

/** Secrets in a text, by what stands before them or by their form. */
const inText: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g, hidden],
  [/\bwhsec_[\w+/=-]+/g, `whsec_${hidden}`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  [
    /((?:secret|token|passw(?:or)?d|passphrase|authorization|cookie|credential|api[-_]?key|streamid)\w*["']?\s*[=:]\s*["']?)(?!["'{[\s])[^\s"'&,;}\]]+/gi,
    `$1${hidden}`,
  ],
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
  if (Array.isArray(value)) return value.map(withoutSecretValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [scrubbed(key), scrubbedField(key, inner)]),
  );
}

function scrubbedField(key: string, inner: unknown): unknown {
  const isEmpty = inner === null || inner === undefined || typeof inner === 'boolean';
  if (secretKeys.test(key) && !isEmpty && typeof inner !== 'object') return hidden;
  if (key === 'headers' && typeof inner === 'object' && inner !== null)
    return Object.fromEntries(Object.keys(inner).map((name) => [name, hidden]));
  if (programKeys.test(key) && Array.isArray(inner))
    return inner.map((word, at) => (at === 0 ? scrubbed(String(word)) : hidden));
  return withoutSecretValues(inner);
}
