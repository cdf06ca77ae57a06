import * as z from 'zod';
import { absolutePath, port, section } from './config-section.ts';
import { contentSection } from './content-config.ts';
import { controlTls } from './control-tls-config.ts';
import { encoderChoices } from './encoders.ts';
import { historySection, privacySection } from './history-config.ts';
import { hooksSection } from './hooks-config.ts';
import { logLevels } from './log-levels.ts';
import { audioSection } from './loudness-config.ts';
import { metricsSection } from './metrics-config.ts';
import { roomName } from './names.ts';
import { renditionsText } from './renditions.ts';
import { type RoomConfig, roomSection } from './room-config.ts';
import { servedTls, together } from './served-tls-config.ts';
import { portClashes } from './tcp-ports.ts';
import { bitrateBps, durationMs, sizeBytes } from './units.ts';
import { webhooksSection } from './webhooks-config.ts';

/** The configuration file: every key with its default. Units are in human strings here and in the names after parsing. */
export const config = z
  .strictObject({
    control: section({
      /** Path of the control socket; null: /run/mirolive/control.sock for a service, else below XDG_RUNTIME_DIR. */
      socket: z.string().min(1).nullable().default(null),
      /** The same API by TCP, for callers with a token. */
      tls: controlTls,
    }),
    http: section({
      /** Address that the page, WebSocket and WHEP listen on. */
      host: z.string().min(1).default('0.0.0.0'),
      /** 0 takes any free port. */
      port: port.default(8080),
      /** HTTPS: all of it is there, by HTTP/2 too, and the other port sends viewers there. */
      tls: section({
        ...servedTls,
        /** So long browsers come by HTTPS alone, once they have been there; 0: as they are told (Strict-Transport-Security). */
        hsts: durationMs.prefault('0s'),
      }).superRefine(together('HTTPS', 8443)),
      /** Address that viewers use, such as https://live.example.org; null: made from the certificate's name or the host's address, and the port. */
      publicUrl: z
        .url({ protocol: /^https?$/ })
        .nullable()
        .default(null),
      /** Addresses and networks of reverse proxies, whose word on a client's address is taken. */
      trustedProxies: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]),
      /** Origins of pages elsewhere that may use the WebSocket; `*` stands for all. */
      allowedOrigins: z
        .array(
          z
            .string()
            .regex(
              /^(\*|https?:\/\/[^\s/?#@]+)$/,
              'expected an origin, such as https://portal.example.org, or *',
            ),
        )
        .default([]),
      /** Whether the page at `/` lists the rooms that are on air, for anybody who opens it. */
      listRooms: z.boolean().default(false),
    }),
    rtmp: section({
      /** Whether encoders may publish by RTMP. */
      enabled: z.boolean().default(true),
      /** Address that RTMP listens on. */
      host: z.string().min(1).default('0.0.0.0'),
      /** 0 takes any free port. */
      port: port.default(1935),
      /** RTMPS, beside RTMP. */
      tls: section(servedTls).superRefine(together('RTMPS', 1936)),
      /** Connections at once, of publishers and of who tries to be one. */
      maxConnections: z.int().min(1).max(10_000).default(100),
    }),
    webrtc: section({
      /** First UDP and TCP port for media; worker N takes the N-th after it. 0 takes any free ports. Linux gives those from 32768 on to outgoing connections. */
      port: port.default(29_400),
      /** Local addresses for media; null: every IPv4 address of this machine, as they come and go; `0.0.0.0` and `::` stand for all of IPv4 and of IPv6. */
      listen: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .min(1)
        .nullable()
        .default(null),
      /** Address that viewers reach this machine at, where it differs from the local one (NAT, cloud). */
      announcedAddress: z.string().min(1).nullable().default(null),
    }),
    workers: section({
      /** How many mediasoup workers; null: one per core. */
      count: z.int().min(1).max(256).nullable().default(null),
      /** Path of a mediasoup-worker binary; null: the one that the set-up made. */
      bin: z.string().min(1).nullable().default(null),
    }),
    ingest: section({
      /** How many processes play sources, at most; null: one per core. */
      processes: z.int().min(1).max(256).nullable().default(null),
      /** What one of them may take of memory; one that takes more is ended, and its rooms go on in others. */
      maxMemory: sizeBytes.prefault('1G'),
    }),
    media: section({
      /** Folders that files may be streamed from; empty: anywhere that the daemon's user may read. */
      roots: z.array(absolutePath).default([]),
      ffmpeg: z.string().min(1).default('ffmpeg'),
      ffprobe: z.string().min(1).default('ffprobe'),
      /** How long probing one source may take. */
      probeTimeout: durationMs.prefault('10s'),
    }),
    plan: section({
      /** H.264 and others are copied only if a key frame comes at least this often: it is how long a viewer waits for the first picture. */
      maxKeyframeInterval: durationMs.prefault('2.5s'),
      /** Ceiling for the bit rate of a transcoded picture. */
      maxBitrate: bitrateBps.prefault('6M'),
      /** Qualities of the picture: `auto`, or up to three of source, 1080p, 720p, 480p, 360p, 240p. */
      renditions: renditionsText.prefault('source'),
      /** What encodes H.264; auto: the first one in hardware whose test encode works, else x264. */
      encoder: z.enum(encoderChoices).default('auto'),
      /** A picture of at most 480p in VP8, or H.264, for viewers that cannot decode what is on air, while there are any: `auto` where the processors carry it, or off. */
      compatible: z.enum(['auto', 'off']).default('auto'),
    }),
    source: section({
      /** No packet for so long means that the source is away. */
      stallTimeout: durationMs.prefault('3s'),
      /** The same for what comes at its own pace; where that is seldom, twice the time between two pictures longer. */
      liveStallTimeout: durationMs.prefault('1s'),
    }),
    /** What is made of sound. */
    audio: audioSection,
    /** What viewers would complain of is told once it has been so for so long. */
    content: contentSection,
    sources: section({
      /** Whether addresses of private networks, and of this machine, may be opened as sources. */
      allowPrivateNetworks: z.boolean().default(false),
    }),
    /** What is set for single rooms, by their names; a room needs none. */
    rooms: z.record(roomName, roomSection).default({}),
    /** What is run on this machine when something happens. */
    hooks: hooksSection,
    /** Where webhooks may go. */
    webhooks: webhooksSection,
    state: section({
      /** Folder of what survives a restart, such as stream keys; null: /var/lib/mirolive, else a folder of the user's own. */
      dir: absolutePath.nullable().default(null),
    }),
    history: historySection,
    privacy: privacySection,
    metrics: metricsSection,
    limits: section({
      /** Viewers at once, of all rooms. */
      viewers: z.int().min(1).default(2000),
      /** Viewers at once from one address; of IPv6, from one /64, and twice as many from one /48. */
      viewersPerAddress: z.int().min(1).default(500),
      /** Joins per second from one address, after a burst of three times as many; twice as many from one /48 of IPv6. Of pages that are opened, and of stills, each the same. */
      joinsPerSecond: z.int().min(1).default(20),
      /** Connections at once to the page's port, whatever they are for. A viewer has one, and for moments a few more. */
      connections: z.int().min(1).default(5000),
      /** The same from one network: a /24 of IPv4, a /64 of IPv6, and twice as many from a /48. Trusted proxies are not counted. */
      connectionsPerNetwork: z.int().min(1).default(1000),
      /** What leaves for all viewers together; while it is more, nobody else is let in. null: as much as it takes. */
      egress: bitrateBps.nullable().default(null),
      /** Broadcasts at once. */
      broadcasts: z.int().min(1).default(50),
      /** What one source may give, over some seconds; one that gives more is ended. */
      sourceBitrate: bitrateBps.prefault('50M'),
    }),
    log: section({
      level: z.enum(logLevels).default('info'),
      /** auto: pretty on a terminal, JSON otherwise. */
      format: z.enum(['auto', 'pretty', 'json']).default('auto'),
      /** Path of a file to append to, opened anew at SIGHUP; null: standard error. */
      file: absolutePath.nullable().default(null),
    }),
  })
  .superRefine((values, context) => {
    for (const { path, port: taken, other } of portClashes(values as Config)) {
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: `expected another TCP port than ${taken}, which ${other} has`,
      });
    }
  });

/** The configuration after parsing: durations in ms, bit rates in bit/s. */
export type Config = z.output<typeof config>;

/** What is set for a room, or the defaults. */
export function roomConfig({ rooms }: Pick<Config, 'rooms'>, name: string): RoomConfig {
  return (Object.hasOwn(rooms, name) ? rooms[name] : undefined) ?? roomSection.parse({});
}
