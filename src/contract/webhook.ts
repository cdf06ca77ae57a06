import * as z from 'zod';
import { isLike } from './event-types.ts';
import { roomName } from './names.ts';

/** At once: each has connections of its own. */
export const maxWebhooks = 50;
/** The most that one answer of its log holds. */
export const maxLoggedDeliveries = 500;

/** A webhook's id: `w-` and ten of a-z and 2-7. */
export const webhookId = z.string().regex(/^w-[a-z2-7]{10}$/, 'expected an id such as w-k3v7qm2xay');

/** The id of what is told, which stays the same however often it is sent: `e-` and ten of a-z and 2-7. */
export const toldId = z.string().regex(/^e-[a-z2-7]{10}$/, 'expected an id such as e-k3v7qm2xay');

/** Where it goes: no user and password, which would be shown. */
export const webhookUrl = z
  .url({ protocol: /^https?$/, error: 'expected an address such as https://hooks.example.org/mirolive' })
  .max(2000)
  .refine((url) => {
    const parsed = URL.parse(url);
    return parsed !== null && parsed.username === '' && parsed.password === '';
  }, 'expected an address without user and password: who receives checks the signature');

/** Standard Webhooks 1.0, 'Signature scheme': 24 to 64 bytes in base64, behind `whsec_`. */
export const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'expected whsec_ and 24 to 64 bytes in base64')
  .refine((secret) => {
    const bytes = secretBytes(secret);
    return bytes >= 24 && bytes <= 64;
  }, 'expected whsec_ and 24 to 64 bytes in base64');

/** Of its base64. */
function secretBytes(secret: string): number {
  return Math.floor((secret.slice('whsec_'.length).replace(/=+$/, '').length * 3) / 4);
}

/** Types of events that come all the time: no webhook gets them. */
const figures: readonly string[] = ['broadcast.stats', 'events.open'];
/** What strangers can make as often as they like is told to those alone who name it. */
const byStrangers: readonly string[] = [
  ...['viewer.joined', 'viewer.left', 'hand.raised', 'hand.lowered'],
  'publisher.refused',
];

/** Whether a webhook with these words is told an event of a type. @param words null: all but what strangers can make */
export function isTold(type: string, words: readonly string[] | null): boolean {
  if (figures.includes(type)) return false;
  return words === null ? !isMadeByStrangers(type) : words.some((word) => isLike(type, word));
}

/** Whether anybody can have such an event announced, as often as he likes. */
export function isMadeByStrangers(type: string): boolean {
  return byStrangers.includes(type);
}

/** How a webhook fares; null where nobody can tell for now. */
export const webhookFigures = z.strictObject({
  /** What is still to be sent. */
  waiting: z.int(),
  /** When it took something last. */
  takenAt: z.iso.datetime().nullable(),
  /** Failures in a row; 0: what was sent last was taken. */
  failures: z.int(),
  /** Why the last one failed. */
  problem: z.string().nullable(),
});
export type WebhookFigures = z.infer<typeof webhookFigures>;

/** Somebody who is told what happens, by HTTP. Its secret is never shown again. */
export const webhook = z.strictObject({
  id: webhookId,
  url: z.string(),
  /** null: all but what strangers can make (viewers, refused publishers). */
  events: z.array(z.string()).nullable(),
  /** null: of all rooms, and what is of none. */
  rooms: z.array(roomName).nullable(),
  withAddresses: z.boolean(),
  createdAt: z.iso.datetime(),
  /** It is sent nothing any more, since then; null: it is. */
  endedAt: z.iso.datetime().nullable(),
  figures: webhookFigures.nullable(),
});
export type Webhook = z.infer<typeof webhook>;

/** One that was made, with its secret, this once. */
export const newWebhook = z.strictObject({ webhook, secret: z.string() });
export type NewWebhook = z.infer<typeof newWebhook>;

/** What a webhook was told, or is to be. */
export const delivery = z.strictObject({
  /** The `webhook-id` of the request. */
  event: toldId,
  type: z.string(),
  room: z.string().nullable(),
  /** Counts what this webhook is told of the room. */
  sequence: z.int(),
  /** When it happened. */
  at: z.iso.datetime(),
  /** `failed`: given up, after a day. */
  state: z.enum(['waiting', 'taken', 'failed']),
  tries: z.int(),
  /** Of the last answer; null: there was none. */
  status: z.int().nullable(),
  /** Why it was not taken the last time. */
  problem: z.string().nullable(),
  /** While it waits: not before. */
  nextTryAt: z.iso.datetime().nullable(),
  /** When it was taken, or given up. */
  doneAt: z.iso.datetime().nullable(),
});
export type Delivery = z.infer<typeof delivery>;

/** What came of one try. */
export const webhookTry = z.strictObject({
  taken: z.boolean(),
  status: z.int().nullable(),
  /** Why it was not taken; null: it was. */
  problem: z.string().nullable(),
  tookMs: z.int(),
});
export type WebhookTry = z.infer<typeof webhookTry>;
