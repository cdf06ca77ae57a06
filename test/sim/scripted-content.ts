import type { Clock } from '../../src/contract/clock.ts';
import type { ContentNews } from '../../src/ingest/process/content/content-watch.ts';
import { ContentWatch } from '../../src/ingest/process/content/content-watch.ts';
import type { DirectorParts } from '../../src/ingest/process/director/director-parts.ts';
import type { ScriptedSources } from './scripted-sources.ts';

/** How long something may be wrong before it is told, in ms. */
export const contentMs = 3000;

/** Stands for what decodes: finds a source as dark as it is, once a second, by the name in its pictures. */
export function scriptedContent(sources: ScriptedSources, clock: Clock): DirectorParts['watchContent'] {
  return (onNews) => {
    const watch = new ContentWatch({
      black: contentMs,
      silent: contentMs,
      frozen: null,
      clipping: null,
    });
    let subject: string | undefined;
    const tell = (news: readonly ContentNews[]) => news.length > 0 && onNews(news);
    return {
      get wrong() {
        return watch.wrong;
      },
      get blank() {
        return watch.blank;
      },
      get fineSinceMs() {
        return watch.fineSinceMs;
      },
      levels: null,
      hear: () => {},
      asks: () => false,
      tick: (next, picture) => {
        if (next?.id !== subject) tell(watch.begin());
        subject = next?.id;
        if (!next || !picture) return;
        const manner = sources.mannerOf(picture.toString().replace('source ', ''));
        const look = { black: manner === 'dark' || manner === 'black', silent: manner === 'dark' };
        tell(watch.look(look, clock.nowMs()));
      },
      close: async () => {},
    };
  };
}
