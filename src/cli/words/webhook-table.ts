import type { Delivery, NewWebhook, Webhook, WebhookTry } from '../../contract/webhook.ts';
import { moment, type Paint, printable, span, table } from './format.ts';

/** Webhooks as a table; a sentence with the way on if there are none. */
export function webhookTable(webhooks: readonly Webhook[], now: number, paint: Paint): string[] {
  if (webhooks.length === 0)
    return ['No webhooks. Add one: mirolive webhooks add https://hooks.example.org/mirolive'];
  return table(
    ['ID', 'URL', 'EVENTS', 'ROOMS', 'STATE', 'WAITING', 'TAKEN'],
    webhooks.map((webhook) => [
      webhook.id,
      printable(webhook.url),
      webhook.events?.join(',') ?? 'usual',
      webhook.rooms?.join(',') ?? 'all',
      stateWords(webhook, paint),
      `${webhook.figures?.waiting ?? '–'}`,
      ago(webhook.figures?.takenAt ?? null, now),
    ]),
    paint,
  );
}

function stateWords({ endedAt, figures }: Webhook, paint: Paint): string {
  if (endedAt !== null) return paint('yellow', 'ended');
  if (figures === null) return 'not known';
  if (figures.failures === 0) return 'well';
  return paint('yellow', printable(`failing: ${figures.problem ?? 'not taken'}`));
}

/** A new secret, with what to do with it. @param isMade it is a new one, and not somebody's own */
export function newWebhookLines({ webhook, secret }: NewWebhook, isMade: boolean, paint: Paint): string[] {
  return [
    `Webhook ${webhook.id} for ${printable(webhook.url)}.${isMade ? ' Its secret is shown this once:' : ''}`,
    ...(isMade ? [`  ${paint('bold', secret)}`] : []),
    `See whether it takes what it is sent: mirolive webhooks test ${webhook.id}`,
  ];
}

/** What came of a try. */
export function triedLines({ taken, status, problem, tookMs }: WebhookTry, paint: Paint): string[] {
  const words = taken ? `taken: it answered ${status}` : paint('yellow', printable(`not taken: ${problem}`));
  return [`${words} (${tookMs} ms)`];
}

/** What a webhook was told, or is to be. */
export function deliveryTable(deliveries: readonly Delivery[], now: number, paint: Paint): string[] {
  if (deliveries.length === 0) return ['It was told nothing yet.'];
  return table(
    ['AT', 'EVENT', 'TYPE', 'ROOM', 'NO', 'STATE', 'TRIES'],
    deliveries.map((one) => [
      moment(one.at, now),
      one.event,
      one.type,
      one.room ?? '–',
      `${one.sequence}`,
      deliveryWords(one, now, paint),
      `${one.tries}`,
    ]),
    paint,
  );
}

function deliveryWords({ state, status, problem, nextTryAt }: Delivery, now: number, paint: Paint): string {
  if (state === 'taken') return `taken (${status})`;
  const why = problem === null ? '' : `: ${printable(problem)}`;
  if (state === 'failed') return paint('red', `given up${why}`);
  const next = nextTryAt === null ? '' : `, again in ${span(Math.max(0, Date.parse(nextTryAt) - now))}`;
  return problem === null ? 'waiting' : paint('yellow', `waiting${why}${next}`);
}

function ago(at: string | null, now: number): string {
  return at === null ? 'never' : `${span(now - Date.parse(at))} ago`;
}
