import type { Clock } from '../../../contract/clock.ts';
import type { ContentFault, ContentTrouble, SoundLevels } from '../../../contract/content.ts';
import type { Source } from '../../../contract/models.ts';
import type { ProgrammeEvent } from '../../../contract/programme-event.ts';
import { itemWords } from '../../../contract/source-words.ts';
import type { ContentNews } from '../content/content-watch.ts';
import { exemptOf } from '../content/exempt.ts';
import type { SentPicture } from '../poster/sent-picture.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Candidate } from './candidate.ts';
import { isUnseen } from './candidate-is.ts';
import type { EntryName } from './director-options.ts';
import type { DirectorParts } from './director-parts.ts';

/** Of several renditions of a publisher's the one that is looked at; of one, that. */
const askedLayer = 1;

export interface ContentReportOptions {
  readonly watchContent: DirectorParts['watchContent'] | undefined;
  readonly clock: Clock;
  /** What a feed of a candidate is of that played; null: it is none such. */
  readonly sourceOf: (candidate: Candidate, feed: Feed) => Source | null;
  /** What comes of what was decoded is heard with all else. */
  readonly post: (act: () => void) => void;
  readonly onEvent: (event: ProgrammeEvent) => void;
}

/** Of what plays, what viewers would complain of: has it looked at, and tells. */
export class ContentReport {
  readonly #options: ContentReportOptions;
  readonly #monitor: ReturnType<NonNullable<DirectorParts['watchContent']>> | undefined;
  #heard: Feed | undefined;
  /** What was told of each that is wrong; `since`: moments of the wall clock, which may be put meanwhile. */
  readonly #told = new Map<ContentFault, EntryName & { readonly since: string }>();
  /** What was looked at last. */
  #of: EntryName & { readonly id: string } = { entry: 'main', words: '', id: '' };

  constructor(options: ContentReportOptions) {
    this.#options = options;
    this.#monitor = options.watchContent?.((news) => {
      const of = this.#of;
      options.post(() => {
        for (const one of news) this.#tell(one, of);
      });
    });
  }

  get wrong(): ContentTrouble[] {
    return (this.#monitor?.wrong ?? []).map(({ fault, sinceMs, hadSound }) => ({
      ...{ fault, since: this.#told.get(fault)?.since ?? this.#wall(sinceMs), hadSound },
    }));
  }

  /** How loud what is looked at is; null: it is not known. */
  get levels(): SoundLevels | null {
    return this.#monitor?.levels ?? null;
  }

  /** Whether a candidate was looked at last, and there is nothing to be seen or heard in it. */
  isBlank({ id }: Candidate): boolean {
    return this.#of.id === id && (this.#monitor?.blank ?? false);
  }

  /** Since when what is looked at is not black and silent at once any more, in ms; null: it is, or nothing is known. */
  get fineSinceMs(): number | null {
    return this.#monitor?.fineSinceMs ?? null;
  }

  /** A packet of sound leaves. @param candidate what plays */
  hear(candidate: Candidate | undefined, feed: Feed, data: Buffer): void {
    if (!candidate || !this.#monitor || this.#sourceIn(candidate, feed) === null) return;
    this.#heard = feed;
    this.#monitor.hear(data);
  }

  /** To be called every second. @param candidate what plays; undefined: nothing that anybody could complain of */
  look(candidate: Candidate | undefined, picture: SentPicture | null, volumePercent: number): void {
    const feed = picture?.feed ?? this.#heard;
    const source = candidate && feed ? this.#sourceIn(candidate, feed) : null;
    // Where it plays unseen it makes ready first.
    if (candidate && !source && isUnseen(candidate.is)) return;
    if (!candidate || !source) {
      this.#monitor?.tick(null, null);
      return;
    }
    const { id, name: entry, lacks, player } = candidate;
    const exempt = exemptOf({
      ...{ source, plan: player.queue.plan ?? null, picture: player.queue.picture },
      ...{ lacks, volumePercent },
    });
    this.#monitor?.tick({ id, exempt, lacking: lacks.length > 0 }, picture?.data ?? null);
    this.#of = { entry, words: wordsOf(candidate), id };
    if (this.#monitor?.asks()) player.requestKeyFrame(askedLayer);
  }

  /** What was told is over. */
  async close(): Promise<void> {
    this.#monitor?.tick(null, null);
    await this.#monitor?.close();
  }

  #tell(news: ContentNews, { entry, words }: EntryName): void {
    const told = this.#told.get(news.fault) ?? { entry, words, since: this.#wall(news.sinceMs) };
    if (news.type === 'back') {
      this.#told.delete(news.fault);
      this.#options.onEvent({ type: 'content.back', ...told, fault: news.fault });
      return;
    }
    this.#told.set(news.fault, told);
    this.#options.onEvent(eventOf(news, told));
  }

  /** Held at one picture, it gives nothing itself. */
  #sourceIn(candidate: Candidate, feed: Feed): Source | null {
    return candidate.held || candidate.goesOn ? null : this.#options.sourceOf(candidate, feed);
  }

  #wall(ms: number): string {
    const { clock } = this.#options;
    return new Date(Math.round(ms + clock.wallMs() - clock.nowMs())).toISOString();
  }
}

/** Of a playlist what its item is called: that is what somebody has to look at. */
function wordsOf({ hasPlaylist, playlist, words }: Candidate): string {
  return hasPlaylist && playlist.current ? itemWords(playlist.current) : words;
}

function eventOf(
  { fault, hadSound }: { readonly fault: ContentFault; readonly hadSound: boolean },
  told: EntryName & { readonly since: string },
): ProgrammeEvent {
  return fault === 'silent'
    ? { type: 'content.silent', ...told, hadSound }
    : { type: `content.${fault}`, ...told };
}
