import { expect, test } from 'vitest';
import { type Config, config } from '../../src/contract/config.ts';
import { historyLimits } from '../../src/daemon/history/history-limits.ts';
import { applyLive, changes, holdsFrom, liveKeys } from '../../src/daemon/live-config.ts';
import { mayConnect } from '../../src/daemon/public-server/allowed-origin.ts';
import { programmeOf } from '../../src/daemon/rooms/programme-of.ts';

const portal = { origin: 'https://portal.example.org', host: '127.0.0.1:8080' };

/** What a room is put on air with. */
const programme = (now: Config) => {
  const first = { source: null, prepared: null, stepsDown: false, filler: null, fallbacks: [] };
  const shape = { codec: 'h264', renditions: ['source'] } as const;
  return programmeOf(now, 'lobby', { ...first, shape } as never, {} as never).options;
};

/** For each key: another value of it, and who goes by it, as he was made before the change. */
const readers: Readonly<
  Record<
    string,
    { readonly before?: object; readonly file: object; readonly reader: (made: Config) => () => unknown }
  >
> = {
  'http.publicUrl': {
    file: { http: { publicUrl: portal.origin } },
    reader:
      ({ http }) =>
      () =>
        mayConnect(portal, http),
  },
  'http.allowedOrigins': {
    file: { http: { allowedOrigins: [portal.origin] } },
    reader:
      ({ http }) =>
      () =>
        mayConnect(portal, http),
  },
  'http.listRooms': {
    file: { http: { listRooms: true } },
    reader:
      ({ http }) =>
      () =>
        http.listRooms,
  },
  'http.tls.cert': {
    before: { http: { tls: { port: 8443, cert: '/etc/old.pem', key: '/etc/live.key' } } },
    file: { http: { tls: { port: 8443, cert: '/etc/new.pem', key: '/etc/live.key' } } },
    reader:
      ({ http }) =>
      () =>
        http.tls.cert,
  },
  'http.tls.key': {
    before: { http: { tls: { port: 8443, cert: '/etc/live.pem', key: '/etc/old.key' } } },
    file: { http: { tls: { port: 8443, cert: '/etc/live.pem', key: '/etc/new.key' } } },
    reader:
      ({ http }) =>
      () =>
        http.tls.key,
  },
  'http.tls.hsts': {
    before: { http: { tls: { port: 8443, cert: '/etc/live.pem', key: '/etc/live.key' } } },
    file: { http: { tls: { port: 8443, cert: '/etc/live.pem', key: '/etc/live.key', hsts: '24h' } } },
    reader:
      ({ http }) =>
      () =>
        http.tls.hsts,
  },
  'control.tls.cert': {
    before: { control: { tls: { port: 9443, cert: '/etc/old.pem', key: '/etc/live.key' } } },
    file: { control: { tls: { port: 9443, cert: '/etc/new.pem', key: '/etc/live.key' } } },
    reader:
      ({ control }) =>
      () =>
        control.tls.cert,
  },
  'control.tls.key': {
    before: { control: { tls: { port: 9443, cert: '/etc/live.pem', key: '/etc/old.key' } } },
    file: { control: { tls: { port: 9443, cert: '/etc/live.pem', key: '/etc/new.key' } } },
    reader:
      ({ control }) =>
      () =>
        control.tls.key,
  },
  'rtmp.tls.cert': {
    before: { rtmp: { tls: { port: 1936, cert: '/etc/old.pem', key: '/etc/live.key' } } },
    file: { rtmp: { tls: { port: 1936, cert: '/etc/new.pem', key: '/etc/live.key' } } },
    reader:
      ({ rtmp }) =>
      () =>
        rtmp.tls.cert,
  },
  'rtmp.tls.key': {
    before: { rtmp: { tls: { port: 1936, cert: '/etc/live.pem', key: '/etc/old.key' } } },
    file: { rtmp: { tls: { port: 1936, cert: '/etc/live.pem', key: '/etc/new.key' } } },
    reader:
      ({ rtmp }) =>
      () =>
        rtmp.tls.key,
  },
  'plan.maxKeyframeInterval': {
    file: { plan: { maxKeyframeInterval: '5s' } },
    reader: (made) => () => programme(made).rules.maxKeyframeIntervalMs,
  },
  'plan.renditions': {
    file: { plan: { renditions: 'auto' } },
    reader:
      ({ plan }) =>
      () =>
        plan.renditions,
  },
  'plan.compatible': {
    file: { plan: { compatible: 'off' } },
    reader:
      ({ plan }) =>
      () =>
        plan.compatible,
  },
  'source.stallTimeout': {
    file: { source: { stallTimeout: '9s' } },
    reader: (made) => () => programme(made).stallTimeoutMs,
  },
  'source.liveStallTimeout': {
    file: { source: { liveStallTimeout: '2s' } },
    reader: (made) => () => programme(made).liveStallTimeoutMs,
  },
  'audio.loudness': {
    file: { audio: { loudness: 'off' } },
    reader: (made) => () => programme(made).rules.loudness,
  },
  content: { file: { content: { black: '20s' } }, reader: (made) => () => programme(made).content.black },
  rooms: {
    file: { rooms: { lobby: { failback: 'manual' } } },
    reader: (made) => () => programme(made).failback,
  },
  hooks: {
    file: { hooks: { onLive: ['tally', 'on'] } },
    reader: (made) => () => made.hooks.onLive,
  },
  'history.keep': {
    file: { history: { keep: '7d' } },
    reader: (made) => () => historyLimits(made).keepMs,
  },
  'history.maxSize': {
    file: { history: { maxSize: '1G' } },
    reader: (made) => () => historyLimits(made).maxBytes,
  },
  'privacy.keepAddresses': {
    file: { privacy: { keepAddresses: '0s' } },
    reader: (made) => () => historyLimits(made).keepAddressesMs,
  },
  'webhooks.allow': {
    file: { webhooks: { allow: ['hooks.lan'] } },
    reader:
      ({ webhooks }) =>
      () =>
        webhooks.allow,
  },
  'limits.viewers': {
    file: { limits: { viewers: 1 } },
    reader:
      ({ limits }) =>
      () =>
        limits.viewers,
  },
  'limits.viewersPerAddress': {
    file: { limits: { viewersPerAddress: 1 } },
    reader:
      ({ limits }) =>
      () =>
        limits.viewersPerAddress,
  },
  'limits.egress': {
    file: { limits: { egress: '800M' } },
    reader:
      ({ limits }) =>
      () =>
        limits.egress,
  },
  'limits.broadcasts': {
    file: { limits: { broadcasts: 1 } },
    reader:
      ({ limits }) =>
      () =>
        limits.broadcasts,
  },
  'log.level': {
    file: { log: { level: 'debug' } },
    reader:
      ({ log }) =>
      () =>
        log.level,
  },
};

test('every key that may change is looked at here', () => {
  expect(Object.keys(readers).sort()).toEqual(Object.keys(liveKeys).sort());
});

test.each(Object.entries(readers))(
  '%s holds for whoever goes by it already',
  (key, { before: begun = {}, file, reader }) => {
    const running = config.parse(begun);
    const read = reader(running);
    const before = read();
    const after = config.parse(file);
    expect(changes(running, after)).toEqual([{ key, holds: holdsFrom(key) }]);
    applyLive(running, after);
    expect(read()).not.toEqual(before);
    expect(read()).toEqual(reader(after)());
    expect(changes(running, after)).toEqual([]);
  },
);

test('what needs a restart stays as it was, and is named until then', () => {
  const running = config.parse({});
  const after = config.parse({ rtmp: { port: 1999 }, media: { roots: ['/srv'] } });
  for (let reload = 0; reload < 2; reload++) {
    expect(changes(running, after)).toEqual([
      { key: 'rtmp.port', holds: 'restart' },
      { key: 'media.roots', holds: 'restart' },
    ]);
    applyLive(running, after);
  }
  expect(running).toEqual(config.parse({}));
});
