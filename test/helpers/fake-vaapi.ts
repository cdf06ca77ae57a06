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

  private constructor(ffmpeg: string, gone: string) {
    this.ffmpeg = ffmpeg;
    this.#gone = gone;
  }

  static async create(folder: string): Promise<FakeVaapi> {
    const [ffmpeg, gone] = [join(folder, 'ffmpeg'), join(folder, 'gone')];
    await writeFile(ffmpeg, script(gone));
    await chmod(ffmpeg, 0o755);
    return new FakeVaapi(ffmpeg, gone);
  }

  /** From now on the device cannot be opened. */
  async lose(): Promise<void> {
    await writeFile(this.#gone, '');
  }

  /** It is there again. */
  async find(): Promise<void> {
    await rm(this.#gone, { force: true });
  }
}

/** Where the device is gone, another one is named that nobody has, and ffmpeg says so. */
function script(gone: string): string {
  return `#!/usr/bin/env bash
[ -e '${gone}' ] && exec ffmpeg "\${@/#vaapi=gpu:*/vaapi=gpu:/nowhere}"
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
