import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import { openDesk } from '../desk.ts';
import { mirolive, values } from '../mirolive.ts';
import { endedEvent, plan, startedEvent, statsEvent, viewer } from '../samples.ts';

const at = '2026-01-02T03:04:05.000Z';
const onAir = { at, broadcast: 'b-aaaaaaaaaa', room: 'lobby' };

const cases: { event: Event; words: string }[] = [
  { event: startedEvent, words: 'lobby: on air: talk.mp4 (b-aaaaaaaaaa)' },
  { event: statsEvent, words: 'lobby: 0:42, 25 fps, 2.1 Mbit/s, 3 viewers' },
  {
    event: { ...onAir, type: 'pipeline.started', pid: 12, plan, round: false },
    words:
      'lobby: ffmpeg started, pid 12; video: transcode hevc → h264 1280x720 at 2.5 Mbit/s, because: hevc; B-frames; audio: copy opus',
  },
  {
    event: { ...onAir, type: 'pipeline.failed', message: 'it\u001b[2J died', restarts: 1 },
    words: 'lobby: ffmpeg failed (1 restart): it\\e[2J died',
  },
  {
    event: { at, type: 'viewer.joined', room: 'lobby', viewer },
    words: 'lobby: viewer v-aaaaaaaaaa joined from 192.0.2.9 by page',
  },
  {
    event: { at, type: 'viewer.left', room: 'lobby', id: viewer.id },
    words: 'lobby: viewer v-aaaaaaaaaa left',
  },
  { event: { at, type: 'worker.died', pid: 9, message: 'killed' }, words: 'worker 9 died: killed' },
  { event: endedEvent('failed', 'no more'), words: 'lobby: failed: no more after 1:12 (b-aaaaaaaaaa)' },
  { event: { at, type: 'daemon.stopping' }, words: 'the daemon is ending' },
];

/** Starts the command, lets it hear all events, and ends it with a signal once it has printed them. */
async function heard(...flags: string[]) {
  await using desk = await openDesk({});
  const process = mirolive(['events', ...flags, '--socket', desk.socket]);
  let lines = 0;
  for await (const _ of process) {
    lines += 1;
    if (lines === 1) for (const { event } of cases) desk.emit(event);
    if (lines === cases.length + 1) process.kill('SIGINT');
  }
  return { ...(await process), asked: desk.asked };
}

describe('mirolive events', () => {
  it('puts each event in words, and ends with 130 on Ctrl-C', async () => {
    const { stdout, exitCode, asked } = await heard('--room', 'lobby', '--stats');
    const lines = stdout.split('\n').map((line) => line.replace(/^.*?\d\d:\d\d:\d\d {2}/, ''));
    expect(lines).toEqual(['listening', ...cases.map(({ words }) => words)]);
    expect(exitCode).toBe(130);
    expect(asked.filter(({ name }) => name === 'events')).toEqual([
      { name: 'events', input: { room: 'lobby', stats: true, sinceMs: 0, follow: true } },
    ]);
  });

  it('gives them as they are with --json', async () => {
    const { stdout } = await heard('--json');
    expect(values(stdout).slice(1)).toEqual(cases.map(({ event }) => event));
  });

  it('with --since asks for what has happened, and for no more without --follow', async () => {
    await using desk = await openDesk({});
    const ask = async (...flags: string[]) => {
      const { stdout, exitCode } = await mirolive(['events', ...flags, '--socket', desk.socket]);
      expect({ exitCode, said: stdout.split('  ').at(-1) }).toEqual({ exitCode: 0, said: 'listening' });
    };
    await ask('--since', '8h');
    await ask('--since', '90s', '--room', 'lobby', '--type', 'viewer.joined,broadcast.*');
    expect(desk.asked.filter(({ name }) => name === 'events').map(({ input }) => input)).toEqual([
      { stats: false, sinceMs: 28_800_000, follow: false },
      {
        ...{ room: 'lobby', stats: false, sinceMs: 90_000, follow: false },
        type: ['viewer.joined', 'broadcast.*'],
      },
    ]);
  });

  it('ends with 3 when the daemon goes away', async () => {
    await using desk = await openDesk({});
    const process = mirolive(['events', '--socket', desk.socket]);
    for await (const _ of process) desk.cut();
    const { exitCode, stderr } = await process;
    expect(exitCode).toBe(3);
    expect(stderr).toContain('went away');
  });

  it('ends quietly when its reader has gone', async () => {
    await using desk = await openDesk({});
    const process = mirolive(['events', '--socket', desk.socket]);
    process.stdout.once('data', () => process.stdout.destroy());
    const heartbeat = setInterval(() => desk.emit(statsEvent), 20);
    const { exitCode, stderr } = await process;
    clearInterval(heartbeat);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});
