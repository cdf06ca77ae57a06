import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import type { Viewer } from '../../src/contract/models.ts';
import { inProcess, values } from '../cli/mirolive.ts';
import { eventually, launchBrowser, openRoom, received } from './browser.ts';
import { startDaemon, type TestDaemon } from './daemon.ts';
import { h264, opus, picture, tone } from './media/recipes.ts';
import { makeMedia } from './media/sample-files.ts';
import { openSoftwareLine, type SoftwareLine } from './software-line.ts';
import { fileSource } from './watched-room.ts';

/** A room that is on air, a browser beside the daemon, and one behind a line. They are there while the tests of the file run. */
export interface TwoPlaces {
  readonly line: SoftwareLine;
  readonly server: TestDaemon;
  /** Opens the room's page. */
  near(): Promise<Page>;
  /** @param scripts run in the page, before its own */
  far(...scripts: readonly (() => void)[]): Promise<Page>;
  /** What a command says. */
  says(...words: readonly string[]): Promise<string>;
  /** What a command says of the room. */
  health(): Promise<string>;
  /** Who watches, by a command, from behind the line and beside the daemon. */
  viewers(): Promise<{ readonly far: readonly Viewer[]; readonly near: readonly Viewer[] }>;
}

/** Gives all tests of a file one, and skips them where the machine does not let it. To be called where the file begins. @param renditions of what is on air; without any it is copied, and costs nothing */
export function twoPlaces(renditions?: readonly ('source' | '240p')[]): TwoPlaces {
  const scope = new AsyncDisposableStack();
  const there: { line?: SoftwareLine; server?: TestDaemon; near?: Browser; far?: Browser } = {};
  let missing: string | undefined;
  vi.setConfig({ testTimeout: 480_000 });
  beforeAll(async () => {
    const line = await openSoftwareLine(process.env.CHROMIUM ?? '/usr/bin/chromium');
    if (typeof line === 'string') {
      missing = line;
      return;
    }
    there.line = scope.use(line);
    const webrtc = { listen: [line.address, '127.0.0.1'] };
    const server = await startDaemon({ http: { host: '0.0.0.0' }, webrtc, plan: { compatible: 'off' } });
    there.server = scope.use(server);
    const begun = { room: 'lobby', source: { ...fileSource(await film()), loop: true }, name: 'talk' };
    await server.daemon.desk.start(renditions ? { ...begun, renditions: [...renditions] } : begun);
    there.near = scope.adopt(await launchBrowser(), (browser) => browser.close());
    const executablePath = line.chromium;
    there.far = scope.adopt(await launchBrowser({ executablePath }), (browser) => browser.close());
  });
  beforeEach(({ skip }) => {
    if (missing) skip(missing);
  });
  afterAll(() => scope.disposeAsync());
  const roomAt = (address: string) => `http://${address}:${new URL(there.server?.url ?? '').port}/lobby`;
  const says = async (...words: readonly string[]) => {
    const { stdout } = await inProcess([...words, '--socket', there.server?.socket ?? '']);
    return stdout;
  };
  return {
    says,
    get line() {
      return there.line as SoftwareLine;
    },
    get server() {
      return there.server as TestDaemon;
    },
    near: () => openRoom(there.near as Browser, roomAt('127.0.0.1')),
    far: (...scripts) => openRoom(there.far as Browser, roomAt(there.line?.address ?? ''), ...scripts),
    async health() {
      const said = await says('status');
      return said.split('\n').find((words) => words.includes(' lobby: ')) ?? '';
    },
    async viewers() {
      const all = values(await says('viewers', 'list', '--json')).flat() as Viewer[];
      const from = Map.groupBy(all, ({ address }) => (address === there.line?.farAddress ? 'far' : 'near'));
      return { far: from.get('far') ?? [], near: from.get('near') ?? [] };
    },
  };
}

/** Resolves when so many pictures have come. */
export async function play(...pages: readonly Page[]): Promise<void> {
  for (const page of pages)
    await eventually(
      () => received(page),
      ({ video }) => (video?.framesDecoded ?? 0) > 10,
    );
}

/** What costs a machine little, that several browsers share: it is to be no cause. */
function film(): Promise<string> {
  const sources = [...picture('640x360', 20, 12), ...tone(440, 20)];
  return makeMedia('light-360p.mp4', { args: [...sources, ...h264(12), ...opus] });
}
