import type { Upcoming } from '../contract/signalling.ts';
import { startWords } from './countdown.ts';
import type { Session } from './session.ts';

/** What the page says about a session, and whether a card covers the picture. */
export interface View {
  /** One word or two in the corner. */
  readonly badge: string;
  readonly headline: string;
  readonly detail: string;
  /** `picture`: nothing covers it; `poster`: the still that came with the page; `still`: a pill over the last picture; `card`: the card. */
  readonly cover: 'picture' | 'poster' | 'still' | 'card';
}

/**
 * Puts a session into words.
 * @param hasPicture the broadcast has a picture that this browser plays
 * @param hasStill the last picture is still there
 * @param hasPoster the still that came with the page can be shown
 */
export function viewOf(session: Session, hasPicture: boolean, hasStill: boolean, hasPoster: boolean): View {
  const title = session.title ?? '';
  switch (session.phase) {
    // On its way to the page of guests.
    case 'uninvited':
    case 'connecting':
      return {
        badge: 'Connecting',
        headline: session.notice ?? 'Connecting',
        detail: session.notice === null ? title : '',
        cover: session.still !== null && hasPoster ? 'poster' : 'card',
      };
    case 'waiting':
      return {
        badge: 'Waiting',
        headline: session.next?.name ?? 'Waiting for the broadcast',
        detail: comingWords(session, startWords, 'It starts here by itself.'),
        cover: 'card',
      };
    case 'playing':
      return hasPicture
        ? { badge: 'Live', headline: 'Live', detail: title, cover: 'picture' }
        : { badge: 'Live', headline: title, detail: session.notice ?? 'Sound only', cover: 'card' };
    case 'changing':
      return {
        badge: 'Live',
        headline: 'The programme changes',
        detail: '',
        cover: hasStill ? 'picture' : 'card',
      };
    case 'reconnecting':
      return {
        badge: 'Reconnecting',
        ...reconnecting(session),
        cover: hasStill ? 'still' : 'card',
      };
    case 'closed':
      return {
        badge: 'Closed',
        headline: 'This room is closed for now',
        detail: 'Stay if you like: when it opens, the broadcast starts here by itself.',
        cover: 'card',
      };
    case 'full':
      return {
        badge: 'Full',
        headline: session.notice ?? 'No place is free just now',
        detail: 'Stay here: you get in by yourself when somebody leaves.',
        cover: 'card',
      };
    case 'kicked':
      return {
        badge: 'Out',
        headline: 'You have been put out of this room',
        detail: session.notice ?? '',
        cover: 'card',
      };
    case 'banned':
      return {
        badge: 'Out',
        headline: 'You cannot watch here',
        detail: [session.notice ?? '', untilWords(session.untilMs)].filter(Boolean).join(' – '),
        cover: 'card',
      };
    case 'ended':
      return {
        badge: 'Offline',
        headline: 'The broadcast has ended',
        detail: comingWords(session, nextWords, 'The next one starts here by itself.'),
        cover: 'card',
      };
  }
}

/** Of a network that lets no media through, waiting is no help; one that did so before is believed once more. */
function reconnecting({ notice, missed, played }: Session): Pick<View, 'headline' | 'detail'> {
  return notice === null && missed > (played ? 2 : 1)
    ? {
        headline: 'The video does not get through',
        detail:
          'This network may block its ports (UDP, TCP). Try another, such as mobile data, or tell the organiser.',
      }
    : {
        headline: 'Reconnecting',
        detail: notice ?? 'The connection was lost. It comes back by itself.',
      };
}

function nextWords(next: Upcoming): string {
  return `${next.name ?? 'The next one'} ${startWords(next).replace('Starts', 'starts')}`;
}

/** Of what comes, and below it what the room says meanwhile. */
function comingWords(
  { next, welcome = '' }: Session,
  words: (next: Upcoming) => string,
  otherwise: string,
): string {
  return `${next ? words(next) : otherwise}\n${welcome}`.trim();
}

function untilWords(untilMs: number | null): string {
  if (untilMs === null) return '';
  return `until ${new Date(untilMs).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}`;
}
