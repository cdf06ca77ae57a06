import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LocalGuard } from '../../../src/ingest/guard/local-guard.ts';
import { Network } from '../../../src/ingest/guard/network.ts';
import { Sources } from '../../../src/ingest/sources/sources.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { serveHttp } from '../../helpers/servers/http-server.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const options = { ...sourcesOptions, allowPrivateNetworks: true };

test.each(['http', 'https', 'rtsp', 'rtsps', 'rtmp', 'rtmps', 'udp', 'srt'])(
  'what is confined leads by %s to nothing private, though that is allowed to others',
  async (protocol) => {
    await using server = await serveHttp((_, response) => response.end('private'));
    await using sources = await Sources.create(options);
    const source = {
      kind: 'url',
      url: `${protocol}://127.0.0.1:${server.port}/a/b`,
      live: null,
      loop: false,
    } as const;
    const looked = sources.prepare({ ...source, audioTrack: null, confined: true }, planOptions);
    await expect(looked).rejects.toThrow(expect.objectContaining({ code: 'SOURCE_PRIVATE_ADDRESS' }));
    expect(server.requests).toEqual([]);
  },
);

test('a redirect leads what is confined to nothing private', async () => {
  await using inner = await serveHttp((_, response) => response.end('private'));
  // A network in which one address of this machine stands for the public internet.
  const refusal = (address: string) => (address === '127.0.0.2' ? null : 'a private network');
  const location = `http://127.0.0.1:${inner.port}/`;
  await using outer = await serveHttp((_, response) => response.writeHead(302, { location }).end(), {
    host: '127.0.0.2',
  });
  await using guard = new LocalGuard(new Network({ allowPrivateNetworks: true, refusal }));
  await using sources = await Sources.create(options, guard);
  const source = { kind: 'url', url: `http://127.0.0.2:${outer.port}/`, live: null, loop: false } as const;
  const looked = sources.prepare({ ...source, audioTrack: null, confined: true }, planOptions);
  await expect(looked).rejects.toThrow(expect.objectContaining({ code: 'SOURCE_PRIVATE_ADDRESS' }));
  expect([outer.requests.length > 0, inner.requests]).toEqual([true, []]);
});

test('a confined file has to lie below a root, though others may be anywhere', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'talk.mp4');
  await writeFile(path, 'no media');
  await using sources = await Sources.create(options);
  const file = { kind: 'file', path, loop: false, audioTrack: null } as const;
  await expect(sources.open({ ...file, confined: true })).rejects.toThrow(
    expect.objectContaining({ code: 'SOURCE_FORBIDDEN' }),
  );
  await using opened = await sources.open(file);
  expect(opened.parts).toHaveLength(1);
});
