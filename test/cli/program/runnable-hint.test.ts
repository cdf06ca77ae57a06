import { describe, expect, test } from 'vitest';
import { atPlaces, runnableHint } from '../../../src/cli/program/runnable-hint.ts';
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
      line: 'stream --url rtmp://a.example/app/KEY --room a',
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
      line: 'probe rtsp://a.example/1',
      command: 'probe',
      error: new MiroliveError('SOURCE_UNREACHABLE', '', { hint: 'Let a firewall pass UDP from there' }),
      hint: 'Let a firewall pass UDP from there',
    },
    {
      line: 'probe notes.txt',
      command: 'probe',
      error: new MiroliveError('SOURCE_NOT_MEDIA', '', { details: { path: '/srv/my notes.txt' } }),
      hint: "See what ffprobe says of it: ffprobe -hide_banner '/srv/my notes.txt'",
    },
    {
      line: 'probe thanks.png',
      command: 'probe',
      error: new MiroliveError('SOURCE_NOT_MEDIA', '', { hint: 'Set rooms.NAME.slate' }),
      hint: 'Set rooms.NAME.slate',
    },
    {
      line: 'probe https://a.example/1',
      command: 'probe',
      error: new MiroliveError('SOURCE_UNREACHABLE', '', {
        hint: 'Put both into the address: https://USER:…',
      }),
      hint: 'Put both into the address: https://USER:…',
    },
    {
      line: 'probe https://a.example/1',
      command: 'probe',
      error: new MiroliveError('SOURCE_UNREACHABLE', '', {
        hint: 'See: mirolive probe ADDRESS --header HEADER',
      }),
      hint: 'See: mirolive probe https://a.example/1 --header HEADER',
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

describe('atPlaces', () => {
  test.each([
    { words: 'List them: mirolive rooms', at: 'List them: mirolive rooms --socket /a' },
    {
      words: 'See who: mirolive publishers; or set onConflict of the room to takeover',
      at: 'See who: mirolive publishers --socket /a; or set onConflict of the room to takeover',
    },
    {
      words: "If it is media: mirolive probe '/a; b, c'",
      at: "If it is media: mirolive probe '/a; b, c' --socket /a",
    },
    {
      words: 'Run: mirolive schedule add a --every 1h -- take cam1 --room b',
      at: 'Run: mirolive schedule add a --every 1h --socket /a -- take cam1 --room b',
    },
    { words: 'Ask that one: mirolive status --socket /b', at: 'Ask that one: mirolive status --socket /b' },
    { words: 'See how it is used: mirolive seek --help', at: 'See how it is used: mirolive seek --help' },
    {
      words: 'For example: ffmpeg -i a.mkv -f mpegts - | mirolive stream --stdin --room lobby',
      at: 'For example: ffmpeg -i a.mkv -f mpegts - | mirolive stream --stdin --room lobby --socket /a',
    },
    { words: 'Mend it: mirolive config check /b', at: 'Mend it: mirolive config check /b' },
    { words: 'another mirolive answers on port 8080', at: 'another mirolive answers on port 8080' },
  ])('$words', ({ words, at }) => {
    expect(atPlaces(words, { where: 'here', words: ' --socket /a' })).toBe(at);
  });

  const machine = 'on the machine of the daemon';
  test.each([
    { words: 'List them: mirolive rooms', at: 'List them: mirolive rooms --context boss' },
    {
      words:
        'See on that machine whether it listens, and where: mirolive status; it does where a port is set',
      at: 'See on that machine whether it listens, and where: mirolive status; it does where a port is set',
    },
    {
      words: `Set MIROLIVE_TOKEN; to make a token, ${machine}: mirolive tokens create --role operator`,
      at: `Set MIROLIVE_TOKEN; to make a token, ${machine}: mirolive tokens create --role operator`,
    },
    {
      words: `See the print ${machine}: mirolive status; list yours: mirolive rooms`,
      at: `See the print ${machine}: mirolive status; list yours: mirolive rooms --context boss`,
    },
    {
      words: 'Try it from the machine of the daemon: mirolive probe ADDRESS',
      at: 'Try it from the machine of the daemon: mirolive probe ADDRESS',
    },
    {
      words: 'Start it again: mirolive daemon --background',
      at: `Start it again, ${machine}: mirolive daemon --background`,
    },
    {
      words: 'Mend the line, then run: mirolive config check /b; then: mirolive reload',
      at: `Mend the line, then run, ${machine}: mirolive config check /b; then: mirolive reload --context boss`,
    },
    {
      words: 'See what there is: mirolive state check',
      at: `See what there is, ${machine}: mirolive state check`,
    },
    { words: "Check the path: ls -l '/a b'", at: `Check the path, ${machine}: ls -l '/a b'` },
    {
      words: 'mirolive daemon --supervise (pid 7) starts it again',
      at: 'mirolive daemon --supervise (pid 7) starts it again',
    },
  ])('of another machine: $words', ({ words, at }) => {
    expect(atPlaces(words, { where: 'there', words: ' --context boss' })).toBe(at);
  });

  test('what runs on this machine is not asked by the name of a context', () => {
    const words = 'Start it: mirolive daemon --background';
    expect(atPlaces(words, { where: 'here', words: ' --context local' })).toBe(words);
    expect(atPlaces(words, { where: 'here', words: ' --socket /a' })).toBe(`${words} --socket /a`);
  });
});
