import type { ContentState, SoundLevels } from '../../../contract/content.ts';
import type { Source } from '../../../contract/models.ts';
import type { ProgrammeEvent } from '../../../contract/programme-event.ts';
import type { Seen } from '../../../contract/snapshot.ts';
import type { SentPicture } from '../poster/sent-picture.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Candidate } from './candidate.ts';
import { isPlayable, isUnseen } from './candidate-is.ts';
import { ContentReport, type ContentReportOptions } from './content-report.ts';
import type { DirectorParts, UnseenAir } from './director-parts.ts';

export interface ContentReportsOptions extends Omit<ContentReportOptions, 'sourceOf'> {
  readonly openUnseen: DirectorParts['openUnseen'];
  /** What an earlier opening of the programme saw; null: there was none. */
  readonly before: Pick<Seen, 'shown' | 'content'> | null;
}

/** A candidate that was withdrawn: who looks at it, and where it plays meanwhile. */
interface Withdrawn {
  readonly candidate: Candidate;
  readonly report: ContentReport;
  /** Undefined: it makes ready for the air again. */
  air: UnseenAir | undefined;
}

/**
 * What is looked at: what is on air, and what left it because there was nothing to be seen or heard in it. That plays on where nobody sees
 * it, and whoever looked at it goes on to.
 */
export class ContentReports {
  readonly #options: ContentReportsOptions;
  #onAir: ContentReport;
  readonly #withdrawn = new Map<Candidate, Withdrawn>();
  /** What feeds are of: the picture that left last may be of one that is over by now. */
  readonly #sources = new WeakMap<Feed, { readonly candidate: Candidate; readonly source: Source }>();
  readonly #closings = new Set<Promise<void>>();
  #times: number;

  constructor(options: ContentReportsOptions) {
    this.#options = options;
    this.#times = options.before?.content.times ?? 0;
    this.#onAir = this.#report();
  }

  /** Of what is on air. */
  get state(): ContentState {
    return { wrong: this.#onAir.wrong, times: this.#times };
  }

  /** How loud what is on air is; null: it is not known. */
  get levels(): SoundLevels | null {
    return this.#onAir.levels;
  }

  /** What was told before its process died is over: it is looked at anew. */
  begin(): void {
    const { before, onEvent } = this.#options;
    if (!before) return;
    const { entry, words } = before.shown;
    for (const { fault, since } of before.content.wrong)
      onEvent({ type: 'content.back', entry, words, fault, since });
  }

  /** A feed is to be played. */
  note(candidate: Candidate, feed: Feed): void {
    const source = candidate.player.queue.sourceOf(feed);
    if (source) this.#sources.set(feed, { candidate, source });
  }

  /** A packet of sound leaves. @param candidate what is on air */
  hear(candidate: Candidate | undefined, feed: Feed, data: Buffer): void {
    this.#onAir.hear(candidate, feed, data);
  }

  /** To be called every second. @param candidate what is on air; undefined: nothing that anybody could complain of */
  look(candidate: Candidate | undefined, picture: SentPicture | null, volumePercent: number): void {
    const back = candidate?.is.state === 'onAir' ? this.#withdrawn.get(candidate) : undefined;
    if (back) {
      this.#close(this.#onAir);
      this.#onAir = back.report;
      this.#withdrawn.delete(back.candidate);
    }
    this.#onAir.look(candidate && isUnseen(candidate.is) ? undefined : candidate, picture, volumePercent);
    // How loud an operator wants it is no matter of its own.
    for (const { candidate, report, air } of this.#withdrawn.values())
      if (air) report.look(candidate, air.sentPicture, 100);
  }

  /** Whether what is on air has been black and silent for so long that both were told. */
  isBlank(candidate: Candidate): boolean {
    return this.#onAir.isBlank(candidate);
  }

  /** What is on air is to play where nobody sees it; whoever looks at it goes on to. */
  withdraw(candidate: Candidate): void {
    this.#withdrawn.set(candidate, { candidate, report: this.#onAir, air: undefined });
    this.#onAir = this.#report();
  }

  /** Since when one that was withdrawn is not black and silent any more, in ms; null: it is, or nothing is known. */
  fineSinceMs(candidate: Candidate): number | null {
    return this.#withdrawn.get(candidate)?.report.fineSinceMs ?? null;
  }

  /** Where one plays that nobody sees; undefined: it is none such. */
  unseenAir(candidate: Candidate): UnseenAir | undefined {
    if (!isUnseen(candidate.is)) return undefined;
    const known = this.#withdrawn.get(candidate) ?? { candidate, report: this.#report(), air: undefined };
    this.#withdrawn.set(candidate, known);
    known.air ??= this.#options.openUnseen(
      {
        onFinished: (feed) => this.#options.post(() => candidate.player.finished(feed)),
        onBegun: () => {},
        onSound: (feed, data) => known.report.hear(candidate, feed, data),
      },
      (feed) => candidate.player.queue.sourceOf(feed) ?? null,
    );
    return known.air;
  }

  /** What does not play unseen any more is not looked at any more, unless it comes back on air. */
  follow(candidates: readonly Candidate[]): void {
    for (const one of this.#withdrawn.values()) {
      const { candidate, report, air } = one;
      const isWanted = candidates.includes(candidate);
      if (isWanted && isUnseen(candidate.is)) continue;
      one.air = undefined;
      this.#close(air);
      const comesBack = candidate.is.state === 'withdrawn' || isPlayable(candidate.is);
      // What an operator wants to see as it is is looked at anew.
      if (isWanted && comesBack && report.fineSinceMs !== null) continue;
      this.#withdrawn.delete(candidate);
      this.#close(report);
    }
  }

  async close(): Promise<void> {
    this.follow([]);
    this.#close(this.#onAir);
    await Promise.all(this.#closings);
  }

  #report(): ContentReport {
    return new ContentReport({
      ...this.#options,
      sourceOf: (candidate, feed) => {
        const known = this.#sources.get(feed);
        return known?.candidate === candidate ? known.source : null;
      },
      onEvent: (event) => this.#tell(event),
    });
  }

  #tell(event: ProgrammeEvent): void {
    if (event.type !== 'content.back') this.#times++;
    this.#options.onEvent(event);
  }

  #close(one: { close(): Promise<void> } | undefined): void {
    const closing = one?.close().finally(() => this.#closings.delete(closing as Promise<void>));
    if (closing) this.#closings.add(closing);
  }
}
