import type { Event } from '../../contract/events.ts';

/** What others are told of an event, whoever they are. */
export interface ToldEvent {
  readonly type: string;
  /** When it happened, ISO 8601, UTC. */
  readonly timestamp: string;
  /** What else its event carries. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event in the form that webhooks and hooks have. @param withAddresses with the addresses of viewers and publishers, which are left out otherwise */
export function toldEvent(event: Event, withAddresses: boolean): ToldEvent {
  const { type, at, ...data } = event;
  return { type, timestamp: at, data: withAddresses ? data : withoutAddresses(data) };
}

/** Fields called `address` go, and what stood there does from all texts. */
function withoutAddresses(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const found = new Set<string>();
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        if (key !== 'address') return [[key, strip(inner)]];
        if (typeof inner === 'string' && inner !== '') found.add(inner);
        return [];
      }),
    );
  };
  const blot = (value: unknown): unknown => {
    if (typeof value === 'string') return [...found].reduce((text, one) => text.replaceAll(one, '…'), value);
    if (Array.isArray(value)) return value.map(blot);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, blot(inner)]));
  };
  const stripped = strip(data) as Readonly<Record<string, unknown>>;
  return found.size === 0 ? stripped : (blot(stripped) as Readonly<Record<string, unknown>>);
}
