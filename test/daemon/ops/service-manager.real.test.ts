import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { ServiceManager } from '../../../src/daemon/ops/service-manager.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** Prints what comes to a datagram socket, one JSON string a line; says first that it listens. */
const listener = `
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = sys.argv[1]
s.bind('\\0' + name[1:] if name.startswith('@') else name)
print('"listening"', flush=True)
for _ in range(int(sys.argv[2])):
    print(json.dumps(s.recv(4096).decode()), flush=True)
`;

const usual = { WATCHDOG_USEC: undefined, WATCHDOG_PID: undefined };

test.each(['path', '@mirolive-test'])(
  'ServiceManager tells systemd how the daemon is, in order, by %s',
  async (kind) => {
    using folder = temporaryFolder();
    const path = kind === 'path' ? join(folder.path, 'notify') : `${kind}-${process.pid}`;
    const told: string[] = [];
    const hearing = execa('python3', ['-c', listener, path, '6'], { buffer: false });
    for await (const line of hearing) {
      told.push(JSON.parse(line));
      if (told.length > 1) continue;
      const clock = new VirtualClock();
      const manager = ServiceManager.find(
        { NOTIFY_SOCKET: path, WATCHDOG_USEC: '3000000', WATCHDOG_PID: '7' },
        7,
      );
      manager.ready();
      manager.status('1 on air');
      manager.status('1 on air');
      const timer = manager.watch(clock);
      await clock.pass(1000);
      timer.cancel();
      manager.reloading(12n);
      manager.ready();
      manager.stopping();
    }
    expect(told).toEqual([
      ...[
        'listening',
        'READY=1',
        'STATUS=1 on air',
        'WATCHDOG=1',
        'RELOADING=1\nMONOTONIC_USEC=12',
        'READY=1',
        'STOPPING=1',
      ],
    ]);
  },
);

test.each([
  ['is none', {}],
  ['is not there', { NOTIFY_SOCKET: '/nowhere/notify' }],
  ['is of another kind', { NOTIFY_SOCKET: 'vsock:2:1234' }],
  ['is too long', { NOTIFY_SOCKET: `/${'x'.repeat(300)}` }],
])('ServiceManager does without where the socket %s', (_, { NOTIFY_SOCKET }: { NOTIFY_SOCKET?: string }) => {
  const manager = ServiceManager.find({ ...usual, NOTIFY_SOCKET }, 7);
  for (const say of [() => manager.ready(), () => manager.stopping(), () => manager.status('x')])
    expect(say).not.toThrow();
});

test('ServiceManager is no watchdog of what another process was told', async () => {
  const told: string[] = [];
  const clock = new VirtualClock();
  const env = { NOTIFY_SOCKET: undefined, WATCHDOG_USEC: '3000000', WATCHDOG_PID: '8' };
  ServiceManager.find(env, 7, (message) => told.push(message)).watch(clock);
  await clock.pass(10_000);
  expect(told).toEqual([]);
});

test('ServiceManager says later, in order, what could not be said: READY is not lost', () => {
  const told: string[] = [];
  let full = true;
  const manager = ServiceManager.find({ ...usual, NOTIFY_SOCKET: undefined }, 7, (message) =>
    full ? false : told.push(message),
  );
  manager.ready();
  manager.status('1 on air');
  manager.status('2 on air');
  expect(told).toEqual([]);
  full = false;
  manager.status('2 on air');
  manager.status('2 on air');
  expect(told).toEqual(['READY=1', 'STATUS=2 on air']);
});
