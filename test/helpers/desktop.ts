import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';

/** Whether a program is on PATH. */
export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** A display of its own, until it is disposed of. */
export async function startDisplay(
  size = '640x360',
): Promise<AsyncDisposable & { readonly display: string }> {
  // Else it begins anew, without those who are just coming, each time that nobody is left.
  const args = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'];
  const server = spawn('Xvfb', args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: server.stdio[3] as NodeJS.ReadableStream });
  const [number] = await once(lines, 'line');
  return { display: `:${number}`, [Symbol.asyncDispose]: () => ended(server) };
}

/** A window with this title; resolves when it can be seen. */
export async function openWindow(
  display: string,
  title: string,
): Promise<AsyncDisposable & { readonly id: string }> {
  const program = spawn('xmessage', ['-display', display, '-title', title, 'x'.repeat(60)], {
    stdio: 'ignore',
  });
  while (program.exitCode === null) {
    const { stdout } = await execa('xwininfo', ['-display', display, '-name', title], { reject: false });
    const [, id] = /Window id: (0x[0-9a-f]+) /.exec(stdout) ?? [];
    if (id !== undefined && stdout.includes('IsViewable')) {
      return { id, [Symbol.asyncDispose]: () => ended(program) };
    }
    await pause(20);
  }
  throw new Error(`xmessage ended with ${program.exitCode}`);
}

async function ended(program: ReturnType<typeof spawn>): Promise<void> {
  const exit = once(program, 'exit');
  program.kill();
  if (program.exitCode === null && program.signalCode === null) await exit;
}
