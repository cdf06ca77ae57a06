import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../browser.ts';
import { sendFile } from '../media/sender.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { filesOf, type HttpServer, serveHttp } from './http-server.ts';

/** A live HLS stream of a file over and over at `/live.m3u8`, of the last six segments of a second. */
export async function serveLiveHls(path: string): Promise<HttpServer> {
  await using making = new AsyncDisposableStack();
  const folder = making.use(await temporaryFolder());
  const playlist = join(folder.path, 'live.m3u8');
  const segments = ['-hls_time', '1', '-hls_list_size', '6', '-hls_flags', 'delete_segments'];
  making.use(sendFile(path, '-f', 'hls', ...segments, playlist));
  // A player begins three segments behind the newest one, and has so much in hand.
  await eventually(
    () => readFile(playlist, 'utf8').catch(() => ''),
    (text) => text.split('#EXTINF').length > 4,
  );
  const server = making.use(await serveHttp(filesOf(folder.path)));
  const made = making.move();
  return { ...server, [Symbol.asyncDispose]: () => made.disposeAsync() };
}
