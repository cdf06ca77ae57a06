import * as z from 'zod';

/** More nobody needs, and a server would refuse them. */
const maxHeaders = 20;
const maxValue = 4096;

/** A name (RFC 9110, section 5.1), and a value of one line (section 5.5). */
const nameForm = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const valueForm = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Those that say how a connection is used, or what part is wanted: they are the daemon's own. */
const own =
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|range|if-range|accept-encoding|proxy-.*)$/i;

/** What is wrong with a header, in words that do not tell its value; null: nothing. */
function headerProblem(name: string, value: string): string | null {
  if (!nameForm.test(name)) return 'expected the name of a header, such as Referer';
  if (own.test(name)) return `expected a header other than ${name}, which is the daemon's own`;
  return valueForm.test(value) && value.length <= maxValue
    ? null
    : `expected one line of at most ${maxValue} characters as the value of ${name}`;
}

/** What servers of HTTP are sent beside what is usual, by names as they were given: often secret, so shown to nobody. */
export const httpHeaders = z.record(z.string(), z.string()).superRefine((headers, context) => {
  const entries = Object.entries(headers);
  const problems = entries.map(([name, value]) => headerProblem(name, value));
  const tooMany = entries.length > maxHeaders ? `expected at most ${maxHeaders} headers` : null;
  const message = tooMany ?? problems.find((problem) => problem !== null);
  if (message) context.addIssue({ code: 'custom', message });
});
