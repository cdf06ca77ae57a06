import type { Delivery, WebhookFigures, WebhookTry } from '../../contract/webhook.ts';
import type { Receiver, WebhookFact } from './deliveries.ts';
import type { Posting } from './outbox.ts';

/** What the outbox's thread may be asked, and what it answers; null: it does not send to that webhook. */
export interface OutboxAnswers {
  figures: { readonly ask: { readonly webhooks: readonly string[] }; readonly answer: Figures };
  log: {
    readonly ask: { readonly webhook: string; readonly limit: number };
    readonly answer: Delivery[];
  };
  again: {
    readonly ask: { readonly webhook: string; readonly events: readonly string[] | null };
    readonly answer: number;
  };
  try: {
    readonly ask: { readonly webhook: string; readonly event: string; readonly body: string };
    readonly answer: WebhookTry | null;
  };
  /** Answers once nothing is left that could be sent now, or a moment later. */
  flush: { readonly ask: object; readonly answer: null };
}
type Figures = Readonly<Record<string, WebhookFigures | null>>;

export type OutboxAsk = {
  [N in keyof OutboxAnswers]: { readonly what: N } & OutboxAnswers[N]['ask'];
}[keyof OutboxAnswers];

/** What the thread is told. */
export type OutboxTask =
  | {
      readonly is: 'set';
      readonly receivers: readonly Receiver[];
      /** Webhooks that there are; of others all is forgotten. */
      readonly known: readonly string[];
      readonly allow: readonly string[];
    }
  | { readonly is: 'put'; readonly postings: readonly Posting[] }
  | { readonly is: 'ask'; readonly id: number; readonly ask: OutboxAsk };

/** What it says. */
export type OutboxWord =
  /** @param setAside where a file that could not be read is now; null: there was none */
  | { readonly is: 'open'; readonly setAside: string | null }
  /** What was put is on the disk: so many postings. */
  | { readonly is: 'written'; readonly count: number }
  | { readonly is: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly is: 'fact'; readonly fact: WebhookFact };

/** What the thread begins with. */
export interface OutboxThreadData {
  readonly file: string;
  /** Who sends. */
  readonly agent: string;
}
