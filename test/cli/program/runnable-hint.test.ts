import { describe, expect, test } from 'vitest';
import { runnableHint } from '../../../src/cli/program/runnable-hint.ts';
import { MiroliveError } from '../../../src/contract/errors.ts';

describe('runnableHint', () => {
  const cases: { line: string; command: string; error: MiroliveError; hint: string }[] = [
    {
      line: 'playlist jump 99 --room pl',
      command: 'playlist jump',
      error: new MiroliveError('PLAYLIST_ITEM_NOT_FOUND', ''),
      hint: 'List its items: mirolive playlist show --room pl',
    },
    {
      line: 'playlist jump 99',
      command: 'playlist jump',
      error: new MiroliveError('PLAYLIST_ITEM_NOT_FOUND', ''),
      hint: 'List its items: mirolive playlist show',
    },
    {
      line: 'pause --room=stage',
      command: 'pause',
      error: new MiroliveError('ROOM_IDLE', ''),
      hint: 'Put something on air: mirolive stream --file FILE --room stage',
    },
    {
      line: 'pause',
      command: 'pause',
      error: new MiroliveError('ROOM_IDLE', ''),
      hint: 'Put something on air: mirolive stream --file FILE --room ROOM',
    },
    {
      line: 'stream --file a.mp4 --room Lobby!',
      command: 'stream',
      error: new MiroliveError('INVALID_REQUEST', ''),
      hint: 'See how it is used: mirolive stream --help',
    },
    {
      line: 'stream --url http://a.example/?k=1&l=2 --room a',
      command: 'stream',
      error: new MiroliveError('SOURCE_UNREACHABLE', ''),
      hint: 'Try it from the machine of the daemon: mirolive probe ADDRESS',
    },
    {
      line: 'probe rtsp://a.example/1',
      command: 'probe',
      error: new MiroliveError('SOURCE_UNREACHABLE', ''),
      hint: 'See what ffprobe says of it: ffprobe -hide_banner rtsp://a.example/1',
    },
    {
      line: 'probe notes.txt',
      command: 'probe',
      error: new MiroliveError('SOURCE_NOT_MEDIA', '', { details: { path: '/srv/my notes.txt' } }),
      hint: "See what ffprobe says of it: ffprobe -hide_banner '/srv/my notes.txt'",
    },
    {
      line: 'probe a.mp4 --audio-track 9',
      command: 'probe',
      error: new MiroliveError('SOURCE_TRACK_NOT_FOUND', '', { details: { path: '/srv/a.mp4' } }),
      hint: 'List its tracks: mirolive probe /srv/a.mp4',
    },
  ];
  test.each(cases)('$line', ({ line, command, error, hint }) => {
    expect(runnableHint(error, { argv: line.split(' '), command: `mirolive ${command}` })).toBe(hint);
  });
});
