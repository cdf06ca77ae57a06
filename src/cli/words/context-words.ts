import type { NamedHost } from '../places/contexts.ts';

/** A context that took the place of another one of its name: what of it is another now, and whether its token is. */
export function replacedLine(before: NamedHost, now: NamedHost): string {
  const print = ({ fingerprint }: NamedHost) => fingerprint ?? 'authorities';
  const was = before.fingerprint === undefined ? 'authorities' : `the print ${before.fingerprint}`;
  const changes = [
    ...(before.host === now.host ? [] : [`${now.host} instead of ${before.host}`]),
    ...(print(before) === print(now) ? [] : [`trusted by ${print(now)} instead of ${was}`]),
  ];
  const stays = before.token === now.token && before.tokenFile === now.tokenFile;
  return `It was there: ${[...changes, stays ? 'its token stays' : 'its token is another one'].join('; ')}`;
}
