import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { execa } from 'execa';
import { whipPeer } from './whip-peer.ts';

/** Somebody who publishes a test picture and a tone by WHIP until it is ended: what ffmpeg encodes goes out by a connection of werift's. */
export async function whipEncoder(url: string, secret: string): Promise<AsyncDisposable> {
  await using failing = new AsyncDisposableStack();
  const peer = failing.use(await whipPeer(url, secret));
  if (peer.status !== 201) throw new Error(`expected to publish, was answered ${peer.status}`);
  await peer.connect();
  const video = await forwarding(failing, peer.sendPicture);
  const sound = await forwarding(failing, peer.sendSound);
  const encoding = execa(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'warning', '-nostdin'],
      ...['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'],
      ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
      ...['-map', '0:v', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
      ...['-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '25'],
      ...['-f', 'rtp', `rtp://127.0.0.1:${video}?pkt_size=1200`],
      ...['-map', '1:a', '-c:a', 'libopus', '-ac', '2', '-f', 'rtp', `rtp://127.0.0.1:${sound}`],
    ],
    { reject: false },
  );
  failing.defer(async () => {
    encoding.kill('SIGKILL');
    await encoding;
  });
  return failing.move();
}

/** A port whose packets of RTP go to `send`. */
async function forwarding(
  scope: AsyncDisposableStack,
  send: (packet: Buffer) => Promise<void>,
): Promise<number> {
  const socket: Socket = createSocket('udp4');
  scope.defer(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  // Of a connection that has ended nothing is to be said here.
  socket.on('message', (packet) => void send(packet).catch(() => {}));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}
