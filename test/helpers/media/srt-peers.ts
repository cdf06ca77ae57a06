import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, vi } from 'vitest';
import { missingPackages } from '../../../scripts/setup/debian-packages.mjs';
import { freeUdpPort } from '../free-ports.ts';
import { sendFile, toUdp } from './sender.ts';

/** Debian packages that are missing for other people's programs that speak SRT; undefined: none. */
export function missingSrtPeers(): string | undefined {
  const missing = missingPackages(['srt']);
  return missing.length === 0 ? undefined : `these packages are missing: ${missing.join(' ')}`;
}

/** Haivision's srt-live-transmit with a file in real time, as it is. It ends with its first connection. */
export async function srtLiveTransmit(
  path: string,
  address: string,
): Promise<AsyncDisposable & { readonly ended: Promise<unknown> }> {
  const port = await freeUdpPort();
  const args = ['-q', '-a', 'no', '-t', '0', `udp://127.0.0.1:${port}`, address];
  const transmitting = execa('srt-live-transmit', args, { reject: false, stdio: 'ignore' });
  const sender = sendFile(path, ...toUdp(port));
  if (address.includes('mode=listener')) await listening(address);
  return {
    ended: transmitting,
    async [Symbol.asyncDispose]() {
      transmitting.kill();
      await transmitting;
      await sender[Symbol.asyncDispose]();
    },
  };
}

/** GStreamer's srtsink with a file in real time, as it is. */
export async function srtSink(
  path: string,
  address: string,
  ...properties: string[]
): Promise<AsyncDisposable> {
  const source = ['filesrc', `location=${path}`, '!', 'tsparse', 'set-timestamps=true', '!'];
  const sink = ['srtsink', `uri=${address}`, 'wait-for-connection=false', 'sync=true', ...properties];
  const sending = execa('gst-launch-1.0', ['-q', ...source, ...sink], { reject: false, stdio: 'ignore' });
  if (address.includes('mode=listener')) await listening(address);
  return {
    async [Symbol.asyncDispose]() {
      sending.kill('SIGKILL');
      await sending;
    },
  };
}

/** Resolves once the port of an address can be called. */
export async function listening(address: string): Promise<void> {
  const port = Number(new URL(address).port).toString(16).toUpperCase().padStart(4, '0');
  const bound = async () => expect(await readFile('/proc/net/udp', 'utf8')).toContain(`:${port} `);
  await vi.waitFor(bound, { timeout: 60_000 });
}
