import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A script around ffmpeg that encodes by x264 what it is told to encode by VAAPI: no machine that runs the tests is sure to have
 * a graphics card. All else is the real thing: arguments, filters, pictures, and ffmpeg's words when the device is gone.
 */
export class FakeVaapi {
  /** Path of the script, to be used as ffmpeg. */
  readonly ffmpeg: string;
  readonly #gone: string;
  readonly #stuck: string;

  private constructor(folder: string) {
    this.ffmpeg = join(folder, 'ffmpeg');
    this.#gone = join(folder, 'gone');
    this.#stuck = join(folder, 'stuck');
  }

  static async create(folder: string): Promise<FakeVaapi> {
    const hardware = new FakeVaapi(folder);
    await writeFile(hardware.ffmpeg, script(hardware.#gone, hardware.#stuck));
    await chmod(hardware.ffmpeg, 0o755);
    return hardware;
  }

  /** From now on the device cannot be opened. */
  async lose(): Promise<void> {
    await writeFile(this.#gone, '');
  }

  /** From now on it takes pictures and gives nothing. */
  async hang(): Promise<void> {
    await writeFile(this.#stuck, '');
  }

  /** It is there again. */
  async find(): Promise<void> {
    await rm(this.#gone, { force: true });
  }
}

/** Where the device is gone, another one is named that nobody has, and ffmpeg says so. */
function script(gone: string, stuck: string): string {
  return `#!/usr/bin/env bash
[ -e '${gone}' ] && exec ffmpeg "\${@/#vaapi=gpu:*/vaapi=gpu:/nowhere}"
[ -e '${stuck}' ] && case "$*" in *h264_vaapi*) exec sleep 60 ;; esac
args=(); skip=
for arg; do
  if [ -n "$skip" ]; then skip=; continue; fi
  case "$arg" in
    -init_hw_device|-filter_hw_device|-async_depth:*) skip=1 ;;
    h264_vaapi) args+=(libx264 -preset ultrafast -tune zerolatency) ;;
    constrained_baseline) args+=(baseline) ;;
    *) args+=("\${arg//hwupload/null}") ;;
  esac
done
exec ffmpeg "\${args[@]}"
`;
}
