/** Version of the control API; raised when a call changes in a way that an older client cannot read. */
export const apiVersion = 2;

/** Header of every response with the version of the control API, so that first contact needs no question of its own. */
export const apiVersionHeader = 'mirolive-api';

/** Where a call lives. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path with `:name` for parameters; those that are not in the path travel as query (GET, DELETE) or JSON body (POST). */
  readonly path: string;
  /** True where the body is bytes of any length, as they come, and all parameters are in the path. */
  readonly bytes?: true;
  /** True where the result is a stream of newline-delimited JSON values. */
  readonly stream?: true;
}

/** The place of every call, apart from its schemas: the command line starts faster without them. */
export const routes = {
  version: { method: 'GET', path: '/v1/version' },
  status: { method: 'GET', path: '/v1/status' },
  listRooms: { method: 'GET', path: '/v1/rooms' },
  getRoom: { method: 'GET', path: '/v1/rooms/:room' },
  getStill: { method: 'GET', path: '/v1/rooms/:room/still' },
  createRoom: { method: 'POST', path: '/v1/rooms' },
  deleteRoom: { method: 'DELETE', path: '/v1/rooms/:room' },
  setRoom: { method: 'POST', path: '/v1/rooms/:room/settings' },
  listBroadcasts: { method: 'GET', path: '/v1/broadcasts' },
  getBroadcast: { method: 'GET', path: '/v1/broadcasts/:id' },
  startBroadcast: { method: 'POST', path: '/v1/broadcasts' },
  stopBroadcast: { method: 'DELETE', path: '/v1/broadcasts/:id' },
  stopRoom: { method: 'DELETE', path: '/v1/rooms/:room/broadcast' },
  keepBroadcast: { method: 'POST', path: '/v1/rooms/:room/keep' },
  getProgramme: { method: 'GET', path: '/v1/rooms/:room/programme' },
  control: { method: 'POST', path: '/v1/rooms/:room/control' },
  listViewers: { method: 'GET', path: '/v1/viewers' },
  kickViewers: { method: 'POST', path: '/v1/viewers/kick' },
  messageViewer: { method: 'POST', path: '/v1/viewers/:id/message' },
  listHands: { method: 'GET', path: '/v1/hands' },
  lowerHands: { method: 'POST', path: '/v1/hands/lower' },
  announce: { method: 'POST', path: '/v1/announcements' },
  ban: { method: 'POST', path: '/v1/bans' },
  listBans: { method: 'GET', path: '/v1/bans' },
  unban: { method: 'DELETE', path: '/v1/bans/:id' },
  listPublishers: { method: 'GET', path: '/v1/publishers' },
  createKey: { method: 'POST', path: '/v1/keys' },
  listKeys: { method: 'GET', path: '/v1/keys' },
  revokeKey: { method: 'DELETE', path: '/v1/keys/:id' },
  rotateKey: { method: 'POST', path: '/v1/keys/:id/rotate' },
  createLink: { method: 'POST', path: '/v1/links' },
  listLinks: { method: 'GET', path: '/v1/links' },
  revokeLink: { method: 'DELETE', path: '/v1/links/:id' },
  createToken: { method: 'POST', path: '/v1/tokens' },
  listTokens: { method: 'GET', path: '/v1/tokens' },
  revokeToken: { method: 'DELETE', path: '/v1/tokens/:id' },
  planApply: { method: 'POST', path: '/v1/apply/plan' },
  apply: { method: 'POST', path: '/v1/apply' },
  exportDeclared: { method: 'GET', path: '/v1/export' },
  reload: { method: 'POST', path: '/v1/reload' },
  listAudit: { method: 'GET', path: '/v1/audit' },
  addSchedule: { method: 'POST', path: '/v1/schedules' },
  listSchedules: { method: 'GET', path: '/v1/schedules' },
  nextOccurrences: { method: 'GET', path: '/v1/occurrences' },
  getSchedule: { method: 'GET', path: '/v1/schedules/:name' },
  removeSchedule: { method: 'DELETE', path: '/v1/schedules/:name' },
  pauseSchedule: { method: 'POST', path: '/v1/schedules/:name/pause' },
  stopSchedule: { method: 'POST', path: '/v1/schedules/:name/stop' },
  runSchedule: { method: 'POST', path: '/v1/schedules/:name/run' },
  listDevices: { method: 'GET', path: '/v1/devices' },
  openStdin: { method: 'POST', path: '/v1/stdin' },
  writeStdin: { method: 'POST', path: '/v1/stdin/:token', bytes: true },
  probe: { method: 'POST', path: '/v1/probe' },
  scan: { method: 'POST', path: '/v1/scan', stream: true },
  doctor: { method: 'POST', path: '/v1/doctor', stream: true },
  observe: { method: 'GET', path: '/v1/observe', stream: true },
  events: { method: 'GET', path: '/v1/events', stream: true },
  getReport: { method: 'GET', path: '/v1/report' },
  deleteHistory: { method: 'DELETE', path: '/v1/history' },
  addWebhook: { method: 'POST', path: '/v1/webhooks' },
  listWebhooks: { method: 'GET', path: '/v1/webhooks' },
  removeWebhook: { method: 'DELETE', path: '/v1/webhooks/:id' },
  testWebhook: { method: 'POST', path: '/v1/webhooks/:id/test' },
  webhookLog: { method: 'GET', path: '/v1/webhooks/:id/log' },
  redeliverWebhook: { method: 'POST', path: '/v1/webhooks/:id/redeliver' },
  logs: { method: 'GET', path: '/v1/logs', stream: true },
  getLogLevel: { method: 'GET', path: '/v1/log-level' },
  setLogLevel: { method: 'POST', path: '/v1/log-level' },
  openapi: { method: 'GET', path: '/v1/openapi.json' },
} as const satisfies Record<string, Route>;
