import * as z from 'zod';
import { personName } from './names.ts';
import { maxRenditions } from './rendition-names.ts';

/**
 * The WebSocket between the page and the daemon: `ws(s)://host/ws/ROOM?browser=ID&v=2`, JSON text messages, one viewer per socket. The id is one
 * that the page's browser keeps, and may be missing. Whoever has come by a watch link says its pass as a protocol of the socket, behind
 * `mirolive`, which is the one that is chosen: so it stands in no address that somebody logs. A page that comes back says its ticket in the
 * same way, and is the viewer that it was.
 * The daemon speaks first with `hello`. When a broadcast is on air it sends `live` with an offer, already good for media; the page
 * answers with `connect`, and plays. `offline` ends that; the page waits on the same socket for the next `live`.
 */

/** What a page of this build speaks, and says as `v`. One that says less, or nothing, is told nothing that it would not understand; from 2 on a page passes over types of messages that it does not know. */
export type SignallingVersion = 2;

/** What somebody in a room may ask for. */
const asked = z.discriminatedUnion('ask', [
  /** He wants to be heard; what he calls himself is shown to those who run the room. Where it is up already, it stays where it is in the queue. */
  z.strictObject({ ask: z.literal('raiseHand'), name: personName }),
  z.strictObject({ ask: z.literal('lowerHand') }),
]);
export type Asked = z.infer<typeof asked>;

/** A layer of the picture by its number, 0 the lowest; `auto`: the best that the line carries. */
const quality = z.union([
  z.literal('auto'),
  z
    .int()
    .min(0)
    .max(maxRenditions - 1),
]);
export type Quality = z.infer<typeof quality>;

/** What the page may send. Validated by the daemon; anything else closes the socket with code 1008. */
export const pageMessage = z.discriminatedUnion('type', [
  /** Takes the offer: the page's side of DTLS. */
  z.strictObject({
    type: z.literal('connect'),
    /** The offer's. */
    transport: z.string().max(64),
    role: z.enum(['client', 'server']),
    /** The hash of its certificate by SHA-256, in hexadecimal with colons. */
    fingerprint: z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/),
    /** Whether it plays the picture; one that its browser has no decoder for it refuses, and is not sent it. A page of an earlier build does not tell. */
    picture: z.boolean().default(true),
  }),
  /** Answers `picture`: whether its browser takes that one. */
  z.strictObject({ type: z.literal('picture'), transport: z.string().max(64), taken: z.boolean() }),
  /** Wants another quality of what is on air. */
  z.strictObject({ type: z.literal('quality'), quality }),
  /** How its viewer fares, which it alone knows: each `reportMs` of `hello`. Believed for statistics, and for nothing else. */
  z.strictObject({
    type: z.literal('report'),
    /** How often the picture stood still since `hello`; null: its browser does not count. */
    freezes: z.int().min(0).max(1_000_000).nullable(),
    /** How long it did, in all; a page of an earlier build does not tell, nor one whose `hello` had no `frozen`. */
    frozenMs: z.int().min(0).max(86_400_000).nullable().optional(),
    /** How long the first picture, or sound, took; null: there was none yet. */
    firstPictureMs: z.int().min(0).max(86_400_000).nullable(),
  }),
  /** Asks for something; answered with `answer` of the same id, which the page makes. */
  z.strictObject({
    type: z.literal('ask'),
    id: z
      .int()
      .min(0)
      .max(2 ** 31),
    what: asked,
  }),
  /** Is the connection alive? Answered with `pong`; a browser cannot see the pings of the WebSocket itself. */
  z.strictObject({ type: z.literal('ping') }),
]);
export type PageMessage = z.infer<typeof pageMessage>;

/** What comes in a room by itself, as a page is told it: its own clock may be wrong. */
export interface Upcoming {
  readonly atMs: number;
  /** The daemon's clock when it said so. */
  readonly nowMs: number;
  /** What it is called; null: nobody has given it a name for viewers. */
  readonly name: string | null;
}

/** What a page needs to know of the room. */
export interface RoomInfo {
  readonly room: string;
  readonly live: boolean;
  /** What is on air, or the room itself, is called; null: the room has a name alone. */
  readonly title: string | null;
  /** What it says while nothing is on air; missing: nothing. */
  readonly welcome?: string;
  readonly viewers: number;
  /** Names the still of what is seen: one of another name is to be shown no longer. null: there is none. */
  readonly poster: string | null;
  /** It lets nobody in for now. */
  readonly closed?: boolean;
  /** What comes next by itself; null: nothing within the days that pages are told of. */
  readonly next: Upcoming | null;
}

/** What an operator has viewers told. */
export interface Notice {
  /** The same where it is told again, to a page that has come back. */
  readonly id: string;
  readonly text: string;
  /** How long it is to be shown; null: until somebody has read it. */
  readonly forMs: number | null;
}

/** Who somebody is in a room, and what he may do there. */
export interface Self {
  /** As operators see it. */
  readonly id: string;
  /** By it he is the same when he comes back. It is to be told nobody. */
  readonly ticket: string;
  /** Whether hands may be raised here. */
  readonly hands: boolean;
  /** Whether his is up. */
  readonly hand: boolean;
}

/** Why a viewer is put out. */
export interface Out {
  /** `uninvited`: the room is for those who have a watch link, and it has none that is good. */
  readonly why: 'kicked' | 'banned' | 'uninvited';
  /** As an operator says it; null: he says nothing. */
  readonly reason: string | null;
  /** Until when it is banned, in ms since 1970; null: for good, or it is not. */
  readonly untilMs: number | null;
}

export type OfflineReason = 'ended' | 'replaced' | 'interrupted' | 'closed' | 'opened';

/** What the daemon sends. */
export type DaemonMessage =
  /** Told again to a page that has nothing on air, where the room's own words are others. `reportMs`: how often it is to report while something plays; a daemon that takes no reports does not say. `frozen`: with `frozenMs`. */
  | ({
      readonly type: 'hello';
      readonly version: string;
      readonly reportMs?: number;
      readonly frozen?: true;
    } & RoomInfo)
  /** A broadcast is on air. Also sent at once after `hello` where one is. */
  | {
      readonly type: 'live';
      readonly broadcast: string;
      readonly title: string;
      /** Names of the layers, the lowest first. */
      readonly renditions: readonly string[];
      /** Names the offer in the answer. */
      readonly transport: string;
      /** An SDP offer: one m-line that is sent for each track. */
      readonly sdp: string;
      /** Whoever refuses the picture is told by `picture` whether there is another one. */
      readonly compatible?: boolean;
    }
  /**
   * To a page that has refused the picture: the next offer on the same connection, with one in another codec, to be answered with `picture`;
   * `sdp` null: there is none.
   */
  | { readonly type: 'picture'; readonly transport: string; readonly sdp: string | null }
  /** Which layer the viewer gets from now on; null: none. */
  | { readonly type: 'layer'; readonly layer: number | null }
  /** How many watch, when it changes; at most once a second. */
  | { readonly type: 'viewers'; readonly viewers: number }
  /** Nothing on air any more: `ended` by the operator or the source's end; `replaced`: another broadcast takes its place; `interrupted`: it will come back; `closed`: the room lets nobody in any more; `opened`: it does again, and nothing is on air. */
  | { readonly type: 'offline'; readonly reason: OfflineReason }
  /** The daemon ends, or cannot tell whether the page may stay; come back after `retryMs`. */
  | { readonly type: 'bye'; readonly retryMs: number }
  /** Something else is to be seen now: `poster` of `hello`, when it changes. */
  | { readonly type: 'poster'; readonly poster: string | null }
  /** Something else comes next: `next` of `hello`, when it changes. */
  | { readonly type: 'next'; readonly next: Upcoming | null }
  /** What is on air is called something else: `title` of `live`, when it changes. */
  | { readonly type: 'title'; readonly title: string }
  | ({ readonly type: 'notice' } & Notice)
  /** Behind `hello`, and when something of it changes. */
  | ({ readonly type: 'self' } & Self)
  /** What came of what was asked for; `error` null: it is done. */
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly error: { readonly code: string; readonly message: string } | null;
    }
  /** It is put out, and not to come back by itself; the socket is closed after it. Told in the place of `hello`, too. */
  | ({ readonly type: 'out' } & Out)
  | { readonly type: 'pong' }
  | { readonly type: 'error'; readonly code: string; readonly message: string };
