import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { startDisplay } from './desktop.ts';

/** What OBS publishes, and how. */
export interface ObsOptions {
  /** As a person pastes them into Settings, Stream. */
  readonly server: string;
  readonly streamKey: string;
  /** A file with sound, which is played over and over in the middle of the picture. */
  readonly clip: string;
  /** The settings of docs/rtmp.md; otherwise OBS has those that it is installed with. */
  readonly recommended: boolean;
}

/** Of the whole picture, and of the clip in it. */
export const obsCanvas = { width: 640, height: 360 } as const;
/** The colour behind the clip. */
export const obsColour = { red: 200, green: 60, blue: 30 } as const;

/** OBS on a display of its own, which begins to publish by itself. All that it writes is in a folder that goes with it. */
export async function startObs(options: ObsOptions): Promise<AsyncDisposable> {
  await using scope = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'mirolive-obs-'));
  scope.defer(() => rm(home, { recursive: true, force: true }));
  await configure(join(home, '.config', 'obs-studio'), options);
  const { display } = scope.use(await startDisplay('800x600'));
  const args = ['--startstreaming', '--minimize-to-tray', '--multi', '--profile', name, '--collection', name];
  const obs = execa('obs', args, {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      DISPLAY: display,
      LIBGL_ALWAYS_SOFTWARE: '1',
      https_proxy: 'http://127.0.0.1:9',
    },
    extendEnv: false,
    stdin: 'ignore',
    stdout: process.env.TEST_LOG ? 'inherit' : 'ignore',
    stderr: process.env.TEST_LOG ? 'inherit' : 'ignore',
    reject: false,
    buffer: false,
  });
  scope.defer(async () => {
    obs.kill('SIGKILL');
    await obs;
  });
  const held = scope.move();
  return { [Symbol.asyncDispose]: () => held.disposeAsync() };
}

const name = 'test';

async function configure(folder: string, options: ObsOptions): Promise<void> {
  const profile = join(folder, 'basic', 'profiles', name);
  const scenes = join(folder, 'basic', 'scenes');
  await mkdir(profile, { recursive: true });
  await mkdir(scenes, { recursive: true });
  // Its wizard for the first start would wait for a click; drawing the picture in the window would cost as much as making it.
  await writeFile(
    join(folder, 'global.ini'),
    ini({ General: { FirstRun: true, EnableAutoUpdates: false }, BasicWindow: { PreviewEnabled: false } }),
  );
  await writeFile(join(profile, 'basic.ini'), ini(basic(options)));
  const { server, streamKey } = options;
  await writeJson(join(profile, 'service.json'), {
    type: 'rtmp_custom',
    settings: { server, key: streamKey, use_auth: false },
  });
  if (options.recommended) await writeJson(join(profile, 'streamEncoder.json'), encoder);
  await writeJson(join(scenes, `${name}.json`), sceneCollection(options.clip));
}

/** Output mode Advanced, for all that a person changes there: see `encoder`. */
function basic({ recommended }: ObsOptions) {
  const { width, height } = obsCanvas;
  return {
    General: { Name: name },
    Video: { BaseCX: width, BaseCY: height, OutputCX: width, OutputCY: height, FPSCommon: 30 },
    ...(recommended && { Output: { Mode: 'Advanced' }, AdvOut: { Encoder: 'obs_x264' } }),
  };
}

/** docs/rtmp.md, OBS, step by step. */
const encoder = {
  rate_control: 'CBR',
  bitrate: 2500,
  keyint_sec: 1,
  profile: 'high',
  tune: 'zerolatency',
  x264opts: 'bframes=0',
};

function sceneCollection(clip: string) {
  const { width, height } = obsCanvas;
  const { red, green, blue } = obsColour;
  const color = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  return {
    name,
    current_scene: 'Scene',
    current_program_scene: 'Scene',
    scene_order: [{ name: 'Scene' }],
    sources: [
      { id: 'color_source_v3', name: 'Colour', settings: { color, width, height } },
      {
        ...{ id: 'ffmpeg_source', name: 'Clip', mixers: 255, volume: 1 },
        settings: { is_local_file: true, local_file: clip, looping: true },
      },
      {
        id: 'scene',
        name: 'Scene',
        settings: {
          id_counter: 2,
          items: [
            { id: 1, name: 'Colour', visible: true },
            { id: 2, name: 'Clip', visible: true, pos: { x: width / 4, y: height / 4 } },
          ],
        },
      },
    ],
  };
}

function ini(
  sections: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>,
): string {
  return Object.entries(sections)
    .map(([section, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}`);
      return `[${section}]\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, JSON.stringify(value));
}
