import { tmpdir } from 'node:os';
import type { SourcesOptions } from '../../src/ingest/sources/sources.ts';

/** What the defaults of the configuration ask of sources. */
export const sourcesOptions: SourcesOptions = {
  ffmpeg: 'ffmpeg',
  ffprobe: 'ffprobe',
  probeTimeoutMs: 60_000,
  roots: [],
  allowPrivateNetworks: false,
  ownFolder: tmpdir(),
};
