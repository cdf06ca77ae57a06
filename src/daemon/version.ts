import { readFileSync } from 'node:fs';
import type { CallResult } from '../contract/api.ts';
import { apiVersion } from '../contract/api.ts';
import { installed } from '../contract/installation.ts';
import { mediasoupVersion } from './sfu/mediasoup-version.ts';

const { version } = JSON.parse(readFileSync(installed('package.json'), 'utf8')) as { version: string };

/** Who this daemon is. */
export const versions: CallResult<'version'> = {
  version,
  api: apiVersion,
  node: process.versions.node,
  mediasoup: mediasoupVersion,
};
