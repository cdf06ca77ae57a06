import type { DaemonMessage, Notice, Quality, Self, Upcoming } from '../contract/signalling.ts';
import { backOffMs, spread } from './back-off.ts';

/** What the viewer goes through; stands as `data-state` on the root element. */
export type Phase =
  | 'connecting'
  | 'waiting'
  | 'playing'
  | 'changing'
  | 'reconnecting'
  | 'ended'
  | 'closed'
  /** No place is free: it is tried again. */
  | 'full'
  /** An operator has put the viewer out: it comes back where its viewer wants to. */
  | 'kicked'
  | 'banned'
  /** The room is for those who have a link, and it has none that is good. */
  | 'uninvited';

type LiveMessage = Extract<DaemonMessage, { type: 'live' }>;
type PictureMessage = Extract<DaemonMessage, { type: 'picture' }>;

/** All that decides what the page does next. */
export interface Session {
  readonly phase: Phase;
  /**
   * The WebSocket; `open` once the daemon has said hello, and what is on air where that is something; `asked` while an answer to a
   * ping is awaited.
   */
  readonly link: 'closed' | 'opening' | 'open' | 'asked';
  /** The broadcast that is on air, as far as the page knows. */
  readonly live: LiveMessage | null;
  /** What the broadcast is called; kept while it is lost. */
  readonly title: string | null;
  /** The last broadcast came to its end, rather than none having been there yet. */
  readonly ended: boolean;
  readonly viewers: number;
  /** The rendition that somebody chose, by its name, for this broadcast and the next; null: what the line carries. */
  readonly chosen: string | null;
  /** The layer that comes; null: not known, or there is only one. */
  readonly layer: number | null;
  /** Tries that failed since the last one that led somewhere. */
  readonly failures: number;
  /** Tries in which no media came of what is on air, since it came last. */
  readonly missed: number;
  /** Media has come since the page was opened. */
  readonly played: boolean;
  /** A sentence that explains why nothing plays: from the daemon or an operator, or of this browser. */
  readonly notice: string | null;
  /** The still that came with the page, by its name, while it is as good as what is seen; null: none, or not any more. */
  readonly still: string | null;
  /** What comes by itself where nothing is on air; null: nothing that the page knows of. */
  readonly next: Upcoming | null;
  /** What the room says while nothing is on air; missing: nothing. */
  readonly welcome?: string | undefined;
  /** Until when it is banned, in ms since 1970; null: for good. */
  readonly untilMs: number | null;
  /** What an operator has it show. */
  readonly line: Notice | null;
  /** Who it is in the room; null: it has not been told yet. */
  readonly self: Self | null;
}

/** What can happen to the page. */
export type Fact =
  | { readonly type: 'started'; readonly still: string | null }
  | { readonly type: 'message'; readonly message: DaemonMessage }
  /** The WebSocket is gone, and the page did not close it. */
  | { readonly type: 'closed' }
  /** The alarm that the last `alarm` effect set. */
  | { readonly type: 'alarm' }
  /** The network or the tab has come back. */
  | { readonly type: 'woken' }
  /** Its viewer wants to come back, after having been put out. */
  | { readonly type: 'returned' }
  /** The line has been read, or its time is over. */
  | { readonly type: 'lineRead' }
  /** The first frame, or the first sound of a broadcast without picture, was decoded. */
  | { readonly type: 'playing' }
  /** ICE or DTLS is gone, nothing arrives any more, or sound and picture are apart. */
  | { readonly type: 'mediaLost' }
  /** Somebody wants this rendition; null: what the line carries. */
  | { readonly type: 'chosen'; readonly name: string | null }
  /** This browser can't play what is on air, or one track of it, and trying again would not help. */
  | { readonly type: 'unplayable'; readonly notice: string; readonly everything: boolean };

/** What the page does about it, in this order. */
export type Effect =
  | { readonly type: 'open' | 'close' | 'ping' | 'leave' }
  | { readonly type: 'join'; readonly live: LiveMessage }
  /** Another picture is offered for the one that was refused, or none. */
  | { readonly type: 'picture'; readonly offer: PictureMessage }
  | { readonly type: 'quality'; readonly quality: Quality }
  /** Sets the one alarm; an earlier one is forgotten. */
  | { readonly type: 'alarm'; readonly afterMs: number };

/** From opening the WebSocket to its hello, and from a join to the first frame. Two key frames fit in, and slow networks. */
const progressMs = 10_000;
/** How often a quiet WebSocket is asked whether it still lives: below the 60 s after which proxies and NATs forget it. */
const quietMs = 20_000;
const answerMs = 5_000;
/** How often who waits for a place asks for one, in the mean. */
const placeMs = 10_000;
/** After waking up somebody is looking: be quick. */
const wakeAnswerMs = 2_000;

type Step = readonly [Session, readonly Effect[]];

/** Before anything has happened. */
export const initialSession: Session = {
  phase: 'connecting',
  link: 'closed',
  live: null,
  title: null,
  ended: false,
  viewers: 0,
  chosen: null,
  layer: null,
  failures: 0,
  missed: 0,
  played: false,
  notice: null,
  still: null,
  next: null,
  untilMs: null,
  line: null,
  self: null,
};

/** The name of the rendition that comes; null: not known, or there is only one. */
export function playingRendition({ live, layer }: Session): string | null {
  return layer === null ? null : (live?.renditions[layer] ?? null);
}

/** The state machine of the page: from what is and what happened to what is next, and what to do. */
export function reduce(session: Session, fact: Fact, random: () => number = Math.random): Step {
  const [next, effects] = step(session, fact, random);
  const holds = next.still === null || (next.phase === 'connecting' && next.notice === null);
  return [holds ? next : { ...next, still: null }, effects];
}

function step(session: Session, fact: Fact, random: () => number): Step {
  switch (fact.type) {
    case 'started':
      return open({ ...session, still: fact.still });
    case 'message':
      return session.link === 'asked'
        ? answered(hear({ ...session, link: 'open' }, fact.message, random))
        : hear(session, fact.message, random);
    case 'closed':
      if (isOut(session)) return [{ ...session, link: 'closed' }, []];
      return session.phase === 'full' ? tryForPlace(session, random) : retry(session, ['leave'], random);
    case 'alarm':
      return onAlarm(session, random);
    case 'woken':
      // Who waits for a place has a turn of his own.
      if (isOut(session) || session.phase === 'full') return [session, []];
      if (session.link === 'closed') return open(session);
      return isSettled(session) ? ask(session, wakeAnswerMs) : [session, []];
    case 'returned':
      return open({ ...session, phase: 'connecting', notice: null });
    case 'lineRead':
      return [{ ...session, line: null }, []];
    case 'playing':
      if (session.live === null) return [session, []];
      return [{ ...session, phase: 'playing', failures: 0, missed: 0, played: true }, [alarm(quietMs)]];
    case 'mediaLost':
      return session.live === null ? [session, []] : connectAnew(missed(session), random);
    case 'chosen': {
      const next = { ...session, chosen: fact.name };
      return [next, session.live === null ? [] : [quality(next)]];
    }
    case 'unplayable':
      if (!fact.everything) return [{ ...session, notice: fact.notice }, []];
      return [
        { ...session, phase: 'connecting', live: null, notice: fact.notice },
        [effect('leave'), alarm(quietMs)],
      ];
  }
}

function hear(session: Session, message: DaemonMessage, random: () => number): Step {
  switch (message.type) {
    case 'hello': {
      const { title, viewers, next, welcome } = message;
      const greeted: Session = {
        ...compared(session, message.poster),
        title,
        viewers,
        next,
        welcome,
        notice: null,
      };
      if (message.live) return [greeted, [alarm(progressMs)]];
      const phase = message.closed ? 'closed' : session.ended ? 'ended' : 'waiting';
      return [{ ...greeted, link: 'open', phase, live: null, failures: 0, missed: 0 }, [alarm(quietMs)]];
    }
    case 'live': {
      const phase = phaseBefore(session.phase);
      const { title } = message;
      const next: Session = {
        ...session,
        ...{ link: 'open', phase, live: message, title, layer: null, ended: false, notice: null },
      };
      const join: Effect[] = [effect('leave'), { type: 'join', live: message }, alarm(progressMs)];
      return [next, session.chosen === null ? join : [...join, quality(next)]];
    }
    case 'viewers':
    case 'layer':
    case 'next': {
      const { type: _, ...told } = message;
      return [{ ...session, ...told }, []];
    }
    case 'offline': {
      const ended = message.reason === 'ended';
      const phase = phaseOffline[message.reason];
      const title = ended || phase === 'closed' ? null : session.title;
      return [
        { ...session, link: 'open', phase, ended, title, live: null, failures: 0, missed: 0 },
        [effect('leave'), alarm(phase === 'changing' ? progressMs : quietMs)],
      ];
    }
    case 'bye': {
      const next: Session = { ...session, phase: 'reconnecting', link: 'closed', live: null };
      const afterMs = spread(message.retryMs, message.retryMs / 2, session.viewers, random());
      return [next, [effect('leave'), effect('close'), alarm(afterMs)]];
    }
    case 'error':
      return onError(session, message, random);
    case 'out': {
      const { why, reason: notice, untilMs } = message;
      const out: Session = {
        ...session,
        phase: why,
        link: 'closed',
        live: null,
        line: null,
        notice,
        untilMs,
      };
      return [out, [effect('leave'), effect('close')]];
    }
    case 'notice':
      return [{ ...session, line: message }, []];
    case 'picture':
      return [session, session.live === null ? [] : [{ type: 'picture', offer: message }]];
    case 'poster':
      return [compared(session, message.poster), []];
    case 'title':
      return [session.live === null ? session : { ...session, title: message.title }, []];
    case 'self':
      return [{ ...session, self: message }, []];
    // What an answer is about, others know; and a daemon may say more by now than this page knows.
    default:
      return [session, []];
  }
}

/** A still of something else is to be shown no longer. */
function compared(session: Session, poster: string | null): Session {
  return session.still === poster ? session : { ...session, still: null };
}

const phaseOffline = {
  ended: 'ended',
  replaced: 'changing',
  interrupted: 'reconnecting',
  closed: 'closed',
  opened: 'waiting',
} as const;

/** While it is awaited what comes. */
function phaseBefore(phase: Phase): Phase {
  if (phase === 'playing') return 'changing';
  return keepsPicture(phase) ? phase : 'connecting';
}

/** What comes is seen in the place of what is seen now. */
export function keepsPicture(phase: Phase): boolean {
  return phase === 'changing' || phase === 'reconnecting';
}

function onError(
  session: Session,
  { code }: Extract<DaemonMessage, { type: 'error' }>,
  random: () => number,
): Step {
  // The socket is closed after it: the next try comes by itself.
  if (code === 'LIMIT_REACHED' || code === 'ROOM_FULL')
    return [{ ...session, phase: 'full', live: null, notice: 'No place is free just now' }, []];
  return session.live === null ? [session, []] : connectAnew(session, random);
}

function onAlarm(session: Session, random: () => number): Step {
  if (isOut(session)) return [session, []];
  if (session.link === 'closed') return open(session);
  // What was to come at once does not.
  if (session.phase === 'changing' && session.live === null)
    return ask({ ...session, phase: 'waiting', title: null }, answerMs);
  if (session.link === 'open' && isSettled(session)) return ask(session, answerMs);
  return retry(missed(session), ['leave', 'close'], random);
}

/** No media has come of what was joined. */
function missed(session: Session): Session {
  const came = session.phase === 'playing';
  return session.live && !came ? { ...session, missed: session.missed + 1 } : session;
}

/** Nothing is under way that has a deadline of its own. */
function isSettled({ phase, link, live }: Session): boolean {
  return (link === 'open' || link === 'asked') && (phase === 'playing' || live === null);
}

function open(session: Session): Step {
  return [{ ...session, link: 'opening' }, [effect('open'), alarm(progressMs)]];
}

/** Whoever was put out does nothing by itself. */
function isOut({ phase }: Session): boolean {
  return phase === 'kicked' || phase === 'banned' || phase === 'uninvited';
}

/** Everybody who waits asks as often, at moments of his own: whoever asks first when a place is free has it. */
function tryForPlace(session: Session, random: () => number): Step {
  const afterMs = Math.round(placeMs * (0.5 + random()));
  return [{ ...session, link: 'closed' }, [effect('leave'), alarm(afterMs)]];
}

/** At once for the first time; with back-off where that has not helped. */
function connectAnew(session: Session, random: () => number): Step {
  if (session.failures > 0) return retry(session, ['leave', 'close'], random);
  const next: Session = {
    ...session,
    phase: 'reconnecting',
    link: 'opening',
    live: null,
    failures: session.failures + 1,
  };
  return [next, [effect('leave'), effect('close'), effect('open'), alarm(progressMs)]];
}

function retry(session: Session, first: readonly ('leave' | 'close')[], random: () => number): Step {
  const next: Session = {
    ...session,
    phase: 'reconnecting',
    link: 'closed',
    live: null,
    failures: session.failures + 1,
  };
  return [next, [...first.map(effect), alarm(backOffMs(session.failures, random(), session.viewers))]];
}

function ask(session: Session, withinMs: number): Step {
  return [{ ...session, link: 'asked' }, [effect('ping'), alarm(withinMs)]];
}

/** The alarm that waited for the answer must not go off any more. */
function answered([session, effects]: Step): Step {
  return effects.some(({ type }) => type === 'alarm')
    ? [session, effects]
    : [session, [...effects, alarm(quietMs)]];
}

/** Asks for the chosen rendition, where the broadcast has it. */
function quality({ live, chosen }: Session): Effect {
  const layer = chosen === null ? -1 : (live?.renditions.indexOf(chosen) ?? -1);
  return { type: 'quality', quality: layer === -1 ? 'auto' : layer };
}

function effect(type: 'open' | 'close' | 'ping' | 'leave'): Effect {
  return { type };
}

function alarm(afterMs: number): Effect {
  return { type: 'alarm', afterMs };
}
