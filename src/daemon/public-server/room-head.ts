import type { RoomSign } from '../../contract/room-sign.ts';
import { escaped } from './escaped.ts';

/** What the head of a room's page tells those who do not run it: search engines, and chats that show of what an address is. */
export interface RoomHead extends Pick<RoomSign, 'description' | 'language'> {
  readonly title: string;
  /** The page's address as viewers have it; null: the daemon does not know how that is. */
  readonly url: string | null;
  /** The same of a still; null: there is none. */
  readonly image: string | null;
}

/** The page's HTML with a head of its own (Open Graph protocol, ogp.me). Pure. */
export function withHead(html: string, { title, description, language, url, image }: RoomHead): string {
  const tags = [
    ...(description === null ? [] : [tag('name', 'description', description)]),
    tag('property', 'og:type', 'website'),
    tag('property', 'og:title', title),
    ...(description === null ? [] : [tag('property', 'og:description', description)]),
    ...(url === null ? [] : [tag('property', 'og:url', url)]),
    ...(image === null
      ? []
      : [tag('property', 'og:image', image), tag('name', 'twitter:card', 'summary_large_image')]),
  ];
  // By functions, since a replacement text would have `$` mean something.
  return html
    .replace(/<html lang="[^"]*"/, (whole) =>
      language === null ? whole : `<html lang="${escaped(language)}"`,
    )
    .replace(/<title>[^<]*<\/title>/, () => `<title>${escaped(title)}</title>${tags.join('')}`);
}

function tag(kind: 'name' | 'property', name: string, content: string): string {
  return `<meta ${kind}="${name}" content="${escaped(content)}">`;
}
