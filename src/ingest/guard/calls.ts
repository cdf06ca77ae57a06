import * as z from 'zod';
import { httpHeaders } from '../../contract/http-headers.ts';
import { type Variants, variants } from '../../contract/plan.ts';
import type { AnswerSenses, Senses, ToldError } from '../child/line.ts';
import type { Mark } from '../child/mark.ts';
import { errorBody } from '../child/message.ts';
import { mark } from '../child/read-mark.ts';
import type { HttpOpening, HttpWishes, RelayedProtocol, RelayOpening } from './guard.ts';
import type { Address, Destination } from './network.ts';

/** A name that no other opening of any life of the guard has. */
interface Named {
  readonly id: string;
}

/** What may be asked of the guard. What `http` and `relay` open is held until whoever has asked lets go of it; `mark` says what for. */
export interface GuardCalls {
  http(opening: {
    readonly address: string;
    readonly mark: Mark | null;
    readonly wishes?: HttpWishes | undefined;
  }): HttpOpening & Named;
  relay(opening: {
    readonly destination: Destination;
    readonly protocol: RelayedProtocol;
    readonly mark: Mark | null;
  }): RelayOpening & Named;
  addresses(of: { readonly host: string }): readonly Address[];
  refusal(of: Named): ToldError | null;
  variants(of: Named): Variants | null;
  byUdp(of: Named): boolean;
}

/** What the daemon asks of the guard's process: all that others ask by way of it. */
export interface GuardProcessCalls extends GuardCalls {
  begin(settings: { readonly allowPrivateNetworks: boolean }): void;
}

const named = { id: z.string() };
const port = z.int().min(1).max(65_535);

const httpWishes = z.strictObject({
  headers: httpHeaders.optional(),
  confined: z.literal(true).optional(),
  variant: z.strictObject({ number: z.int().min(0).nullable(), maxBitrateBps: z.number() }).optional(),
});

/** What is taken of those that ask it. */
export const guardSenses: Senses<GuardCalls> = {
  http: z.strictObject({ address: z.string(), mark: mark.nullable(), wishes: httpWishes.optional() }),
  relay: z.strictObject({
    destination: z.strictObject({
      ...{ host: z.string(), port, tls: z.boolean() },
      confined: z.literal(true).optional(),
    }),
    protocol: z.literal('rtsp').nullable(),
    mark: mark.nullable(),
  }),
  addresses: z.strictObject({ host: z.string() }),
  refusal: z.strictObject(named),
  variants: z.strictObject(named),
  byUdp: z.strictObject(named),
};

/** The name servers are asked for IPv4 and IPv6: an answer of 64 KiB has some 4,000 records of 16 bytes. */
const maxAddresses = 10_000;

/** What is taken of its answers, which go on to those that have asked: ffmpeg has the environment then. */
export const guardAnswerSenses: AnswerSenses<GuardProcessCalls> = {
  http: z.strictObject({
    ...named,
    location: z.string(),
    env: z.strictObject({ http_proxy: z.string(), no_proxy: z.string() }),
  }),
  relay: z.strictObject({ ...named, port }),
  addresses: z.array(z.strictObject({ address: z.string(), family: z.int() })).max(maxAddresses),
  refusal: errorBody.nullable(),
  variants: variants.nullable(),
  byUdp: z.boolean(),
};
