import type { Links } from '../access/links.ts';
import type { Handlers } from './handler-table.ts';

/** What the calls for watch links do. @param pageUrl where viewers find the page */
export function linkHandlers(links: Pick<Links, 'create' | 'list' | 'revoke'>, pageUrl: () => string) {
  return {
    createLink(input, { caller }) {
      const made = links.create(input, caller);
      return { ...made, url: `${pageUrl()}/enter/${input.room}#${made.secret}` };
    },
    listLinks: (input) => links.list(input),
    revokeLink: ({ id }, { caller }) => links.revoke(id, caller),
  } satisfies Partial<Handlers>;
}
