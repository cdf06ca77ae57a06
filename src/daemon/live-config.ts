import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../contract/config.ts';
import type { ChangedKey } from '../contract/reloaded.ts';

/** Keys that may change while the daemon runs, and from when on they hold: whoever goes by them reads them each time. */
export const liveKeys: Readonly<Record<string, Exclude<ChangedKey['holds'], 'restart'>>> = {
  'http.publicUrl': 'now',
  'http.allowedOrigins': 'now',
  'http.listRooms': 'now',
  'http.tls.cert': 'now',
  'http.tls.key': 'now',
  'http.tls.hsts': 'now',
  'control.tls.cert': 'now',
  'control.tls.key': 'now',
  'rtmp.tls.cert': 'now',
  'rtmp.tls.key': 'now',
  'plan.maxKeyframeInterval': 'next broadcast',
  'plan.renditions': 'next broadcast',
  'plan.compatible': 'next broadcast',
  'source.stallTimeout': 'next broadcast',
  'source.liveStallTimeout': 'next broadcast',
  'audio.loudness': 'next broadcast',
  content: 'next broadcast',
  rooms: 'now',
  hooks: 'now',
  'history.keep': 'now',
  'history.maxSize': 'now',
  'privacy.keepAddresses': 'now',
  'webhooks.allow': 'now',
  'limits.viewers': 'now',
  'limits.viewersPerAddress': 'now',
  'limits.egress': 'now',
  'limits.broadcasts': 'now',
  'log.level': 'now',
};
/** Of a room's keys those that a broadcast takes up when it begins. */
const takenUp = ['slate', 'fallback', 'failback', 'hold', 'onContent', 'content', 'audio'];
/** Sections that change as a whole. */
const wholes = ['rooms', 'content', 'hooks'];

/** From when on a key holds that was changed, such as `log.level`, `rooms` or `rooms.lobby.hold`. */
export function holdsFrom(key: string): ChangedKey['holds'] {
  const ofRoom = /^rooms\.[^.]+\.(.+)$/.exec(key)?.[1];
  if (ofRoom !== undefined) return roomKeyHolds(ofRoom);
  return liveKeys[key] ?? liveKeys[key.split('.')[0] ?? ''] ?? 'restart';
}

/** The same of a key of a room, such as `slate.text`. */
export function roomKeyHolds(key: string): ChangedKey['holds'] {
  return takenUp.includes(key.split('.')[0] ?? '') ? 'next broadcast' : 'now';
}

/** Which keys differ, and from when on they hold. */
export function changes(before: Config, after: Config): ChangedKey[] {
  return Object.entries(before)
    .flatMap(([section, values]) => keysOf(section, values))
    .filter((key) => !isDeepStrictEqual(valueAt(before, key), valueAt(after, key)))
    .map((key) => ({ key, holds: holdsFrom(key) }));
}

/** Brings what may change into the configuration that all parts of the daemon have. */
export function applyLive(config: Config, after: Config): void {
  for (const key of Object.keys(liveKeys)) {
    const names = key.split('.');
    const last = names.pop() as string;
    const section = valueAt(config, names.join('.')) as Record<string, unknown>;
    section[last] = valueAt(after, key);
  }
}

/** All keys at a place, such as `http.port` and `rtmp.tls.cert` at `rtmp`. */
function keysOf(place: string, value: unknown): string[] {
  const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isSection || wholes.includes(place)) return [place];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(`${place}.${key}`, inner));
}

function valueAt(config: Config, key: string): unknown {
  if (key === '') return config;
  return key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], config);
}
