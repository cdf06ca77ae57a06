import type { CallInput } from '../../contract/api.ts';
import type { Config } from '../../contract/config.ts';
import { contentLimits, roomContentSection } from '../../contract/content-config.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import type { ScanLine } from '../../contract/scan.ts';
import { scanFile } from '../../ingest/scan/scan-file.ts';
import { openFile } from '../../ingest/sources/file-input.ts';
import type { Planning } from './planning.ts';

/** Files that are read as a whole at once: each may take all of a core that nobody else wants. */
const maxScans = 2;

/** Reads whole files before they are on air. */
export class Scans {
  readonly #config: Config;
  readonly #linkFolder: string;
  readonly #planning: Pick<Planning, 'probe'>;
  #running = 0;

  /** @param linkFolder where files are known by their names, as `openFile` has it */
  constructor(config: Config, linkFolder: string, planning: Pick<Planning, 'probe'>) {
    this.#config = config;
    this.#linkFolder = linkFolder;
    this.#planning = planning;
  }

  /**
   * How far it is, and what was found; ends with whoever waits.
   *
   * @throws MiroliveError LIMIT_REACHED, FFMPEG_NOT_FOUND, and all that may be wrong with a source
   */
  async *scan({ path, audioTrack }: CallInput<'scan'>, gone: AbortSignal): AsyncGenerator<ScanLine> {
    if (this.#running >= maxScans)
      throw new MiroliveError('LIMIT_REACHED', `${maxScans} files are scanned already`, {
        hint: 'Wait until one of them is done.',
      });
    this.#running++;
    try {
      yield* this.#scan(path, audioTrack, gone);
    } finally {
      this.#running--;
    }
  }

  async *#scan(path: string, audioTrack: number | null, signal: AbortSignal): AsyncGenerator<ScanLine> {
    const { media, content } = this.#config;
    const source = { kind: 'file', path, loop: false, audioTrack } as const;
    const { plan, probe, picture } = await this.#planning.probe(source);
    if (picture)
      throw new MiroliveError('SOURCE_NOT_MEDIA', `${path} is a still picture: it has nothing to scan`, {
        hint: `Put it on air as it is: mirolive stream --file ${quoted(path)} --room ROOM`,
      });
    await using input = await openFile(path, { roots: media.roots, linkFolder: this.#linkFolder }, signal);
    yield* scanFile(input, {
      ...{ ffmpeg: media.ffmpeg, signal, durationMs: probe.durationMs },
      ...{ video: plan.video?.index ?? null, audio: plan.audio?.index ?? null },
      limits: contentLimits(content, roomContentSection.parse(undefined)),
    });
  }
}
