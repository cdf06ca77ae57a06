import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { roomSection } from '../../../src/contract/room-config.ts';
import { fallbackSources } from '../../../src/daemon/rooms/fallback-sources.ts';

test('a playlist on a mount that does not answer is left out, and said to be', async () => {
  const dead = new MiroliveError('SOURCE_TIMEOUT', '/mnt/nas does not answer');
  const asked: string[] = [];
  const ask = (path: string) => {
    asked.push(path);
    return Promise.reject(dead);
  };
  const chain = [
    { kind: 'playlist' as const, path: '/mnt/nas/evening.yaml' },
    { kind: 'file' as const, path: '/srv/loop.mp4' },
  ];
  const file = { kind: 'file', path: '/srv/loop.mp4', loop: true, audioTrack: null };
  expect(await fallbackSources(chain, ask)).toEqual({ sources: [file], problems: [dead] });
  expect(asked).toEqual(['/mnt/nas/evening.yaml']);
});

test('an address that stands in has the headers that its server wants', async () => {
  const { fallback } = roomSection.parse({
    fallback: [{ url: 'https://a.example/x', headers: { Referer: 'b' } }],
  });
  expect((await fallbackSources(fallback)).sources).toMatchObject([
    { kind: 'url', url: 'https://a.example/x', headers: { Referer: 'b' } },
  ]);
});
