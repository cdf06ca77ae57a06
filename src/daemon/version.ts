import { createRequire } from 'node:module';
import type { CallResult } from '../contract/api.ts';
import { apiVersion } from '../contract/api.ts';
import { mediasoupVersion } from './sfu/mediasoup-version.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Who this daemon is. */
export const versions: CallResult<'version'> = {
  version,
  api: apiVersion,
  node: process.versions.node,
  mediasoup: mediasoupVersion,
};
