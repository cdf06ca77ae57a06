import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildProgram } from '../../../../src/cli/program/program.ts';
import { opened } from '../../../../src/cli/tui/dashboard/state.ts';
import { typedKey } from '../../../../src/cli/tui/dashboard/typing.ts';
import { type CallName, calls } from '../../../../src/contract/api.ts';
import { routes } from '../../../../src/contract/routes.ts';
import { seenOf } from './sample-view.ts';

/** Commands that ask, with what they ask the daemon. */
const asking: Readonly<Record<string, readonly CallName[]>> = {
  status: ['status', 'listPublishers', 'observe'],
  rooms: ['listRooms', 'observe'],
  'rooms show': ['getRoom'],
  broadcasts: ['listBroadcasts', 'observe'],
  viewers: ['listViewers', 'observe'],
  'viewers list': ['listViewers', 'observe'],
  'hands list': ['listHands', 'observe'],
  'viewers bans': ['listBans'],
  report: ['getReport'],
  devices: ['listDevices'],
  probe: ['probe', 'scan'],
  events: ['events'],
  'playlist show': ['getProgramme'],
  'playlist check': [],
  programme: ['getProgramme', 'listPublishers'],
  'schedule list': ['listSchedules'],
  'schedule show': ['getSchedule'],
  'schedule next': ['nextOccurrences'],
  'keys list': ['listKeys'],
  'tokens list': ['listTokens'],
  'links list': ['listLinks'],
  publishers: ['listPublishers', 'observe'],
  'webhooks list': ['listWebhooks'],
  'webhooks log': ['webhookLog'],
  diff: ['planApply'],
  export: ['exportDeclared'],
  'upgrade-check': ['status', 'listSchedules'],
  logs: ['logs'],
  audit: ['listAudit'],
  'context list': [],
  'context current': [],
  'config check': [],
  'state check': [],
  doctor: ['status', 'doctor'],
  completion: [],
  help: [],
};

/** Commands that change something, with what changes it: a call, or this machine. */
const changing: Readonly<Record<string, CallName | 'here'>> = {
  ...{ stream: 'startBroadcast', stop: 'stopBroadcast', keep: 'keepBroadcast', take: 'control' },
  ...{ slate: 'control', pause: 'control', resume: 'control', seek: 'control', volume: 'control' },
  ...{ mute: 'control', unmute: 'control', 'rooms set': 'setRoom', 'rooms unset': 'setRoom' },
  'hands lower': 'lowerHands',
  ...{ 'rooms create': 'createRoom', 'rooms delete': 'deleteRoom' },
  ...{ 'viewers kick': 'kickViewers', 'viewers ban': 'ban', 'viewers unban': 'unban' },
  ...{ 'viewers message': 'messageViewer', 'viewers announce': 'announce', 'viewers limit': 'setRoom' },
  ...{ 'playlist add': 'control', 'playlist insert': 'control', 'playlist move': 'control' },
  ...{ 'playlist remove': 'control', 'playlist next': 'control', 'playlist previous': 'control' },
  ...{ 'playlist jump': 'control', 'schedule add': 'addSchedule', 'schedule remove': 'removeSchedule' },
  ...{ 'schedule pause': 'pauseSchedule', 'schedule resume': 'pauseSchedule', 'schedule run': 'runSchedule' },
  ...{ 'schedule stop': 'stopSchedule', 'keys create': 'createKey', 'keys revoke': 'revokeKey' },
  ...{ 'keys rotate': 'rotateKey', 'tokens create': 'createToken', 'tokens revoke': 'revokeToken' },
  ...{ link: 'createLink', 'links revoke': 'revokeLink' },
  ...{ 'webhooks add': 'addWebhook', 'webhooks remove': 'removeWebhook', 'webhooks test': 'testWebhook' },
  ...{ 'webhooks redeliver': 'redeliverWebhook', apply: 'apply', reload: 'reload' },
  ...{ 'history delete': 'deleteHistory', 'log-level debug': 'setLogLevel' },
  ...{ 'context add': 'here', 'context use': 'here', 'context remove': 'here', daemon: 'here', tui: 'here' },
  ...{ 'state backup': 'here', 'state restore': 'here', 'state accept': 'here', 'worker build': 'here' },
};

/** What has no effect, though it is no GET: sources are looked at, and a plan is made. */
const looksByPost: readonly CallName[] = ['probe', 'scan', 'planApply', 'doctor'];

const onlyLooks = (call: CallName) =>
  calls[call].needs === 'look' || routes[call].method === 'GET' || looksByPost.includes(call);

/** Whether a dashboard runs a line that is read-only. */
function runs(line: string): boolean {
  const state = opened({ room: null, readOnly: true, size: { columns: 80, rows: 24 } });
  const prompt = { text: line, at: line.length };
  const over = { is: 'types', what: 'command', prompt, candidates: [], before: null } as const;
  return typedKey(state, over, { name: 'enter', text: '' }, seenOf([])).effects.length === 1;
}

function commandsOf(parent: Command, path: readonly string[] = []): string[] {
  return parent.commands.flatMap((one) => {
    const names = [...path, one.name()];
    return one.commands.length === 0 ? [names.join(' ')] : commandsOf(one, names);
  });
}

it('each command is known as one that asks, or one that changes something', async () => {
  const program = await buildProgram({ write: () => {} }, { write: () => {} }, async () => {});
  const known = [...Object.keys(asking), ...Object.keys(changing), 'log-level'];
  expect(commandsOf(program).filter((path) => !known.includes(path))).toEqual([]);
});

it.each(Object.entries(asking))('a dashboard that is read-only runs %s, which only asks', (line, asked) => {
  expect(asked.filter((call) => !onlyLooks(call))).toEqual([]);
  expect(runs(line)).toBe(true);
});

it.each(Object.entries(changing))('a dashboard that is read-only does not run %s', (line, call) => {
  expect(call !== 'here' && onlyLooks(call)).toBe(false);
  expect(runs(line)).toBe(false);
});

it('a dashboard that is read-only asks for the level of the log', () => expect(runs('log-level')).toBe(true));
