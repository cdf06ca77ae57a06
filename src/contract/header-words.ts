/** What servers of HTTP are sent beside what is usual, by names as they were given. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** `Referer: https://example.org/` in its parts; null: it is none. */
export function readHeader(line: string): readonly [name: string, value: string] | null {
  const [, name, value] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
  return name === undefined || value === undefined ? null : [name, value];
}

/** Headers as they may be shown: their names. */
export function withoutValues(headers: HttpHeaders): HttpHeaders {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '…']));
}
