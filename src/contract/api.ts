import type * as z from 'zod';
import { applyCalls } from './calls/apply.ts';
import { broadcastsCalls } from './calls/broadcasts.ts';
import type { Call } from './calls/call.ts';
import { daemonCalls } from './calls/daemon.ts';
import { historyCalls } from './calls/history.ts';
import { linksCalls } from './calls/links.ts';
import { logsCalls } from './calls/logs.ts';
import { publishingCalls } from './calls/publishing.ts';
import { reportsCalls } from './calls/reports.ts';
import { roomsCalls } from './calls/rooms.ts';
import { schedulesCalls } from './calls/schedules.ts';
import { sourcesCalls } from './calls/sources.ts';
import { tokensCalls } from './calls/tokens.ts';
import { viewCalls } from './calls/view.ts';
import { viewersCalls } from './calls/viewers.ts';
import { webhooksCalls } from './calls/webhooks.ts';

export type { Call } from './calls/call.ts';
export { apiVersion } from './routes.ts';

/** Every call, declared once: routes, validation, the typed client and the OpenAPI document come from here. */
export const calls = {
  ...daemonCalls,
  ...roomsCalls,
  ...broadcastsCalls,
  ...viewersCalls,
  ...publishingCalls,
  ...linksCalls,
  ...tokensCalls,
  ...applyCalls,
  ...schedulesCalls,
  ...sourcesCalls,
  ...historyCalls,
  ...reportsCalls,
  ...webhooksCalls,
  ...logsCalls,
  ...viewCalls,
} as const satisfies Record<string, Call>;

export type Calls = typeof calls;
export type CallName = keyof Calls;
/** Those that are answered with a line for each value. */
export type StreamName = {
  [N in CallName]: Calls[N] extends { readonly stream: true } ? N : never;
}[CallName];
/** What the caller gives. */
export type CallParams<N extends CallName> = z.input<Calls[N]['params']>;
/** What the server has after validation. */
export type CallInput<N extends CallName> = z.output<Calls[N]['params']>;
export type CallResult<N extends CallName> = z.output<Calls[N]['result']>;
