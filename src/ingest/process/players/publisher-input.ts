import { MiroliveError } from '../../../contract/errors.ts';
import { type Input, plainInput } from '../../sources/input.ts';
import type { Publication } from './publications.ts';

/**
 * As little as will do to know what comes, in µs, bytes and pictures: each one that is looked at is late. Five pictures show
 * B-frames, also of an encoder that doesn't announce them; the frame rate, for which ffmpeg looks at 20, is in each picture's time.
 */
const analyseUs = 500_000;
const probeBytes = 500_000;
const probePictures = 5;
/** A server on this machine that says nothing for so long, in µs, is not there. */
const timeoutUs = 10_000_000;

/**
 * Somebody who publishes by RTMP, as ffmpeg's input.
 *
 * @throws MiroliveError PUBLISHER_NOT_FOUND
 */
export function publisherInput(publication: Publication | undefined, key: string): Input {
  if (publication?.protocol !== 'rtmp')
    throw new MiroliveError(
      'PUBLISHER_NOT_FOUND',
      `expected somebody who publishes with key ${key}, nobody does`,
    );
  const options = [
    ...[
      '-protocol_whitelist',
      'rtmp,tcp',
      '-rw_timeout',
      `${timeoutUs}`,
      '-rtmp_live',
      'live',
      '-f',
      'live_flv',
    ],
    // Not `-fflags nobuffer`: what was analysed would be lost, and with it the one key frame for a while.
    ...[
      '-analyzeduration',
      `${analyseUs}`,
      '-probesize',
      `${probeBytes}`,
      '-fpsprobesize',
      `${probePictures}`,
    ],
  ];
  return plainInput([{ options, location: publication.url }], { live: true, tellsLater: true, cutOff: true });
}
