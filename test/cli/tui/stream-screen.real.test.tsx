import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { StreamScreen, type StreamScreenProps } from '../../../src/cli/tui/stream-screen.tsx';
import { openDesk } from '../desk.ts';
import { onTerminal } from '../mirolive.ts';
import { broadcast, endedEvent, plan, startedEvent, stats, statsEvent } from '../samples.ts';

const live: StreamScreenProps = {
  broadcast,
  stats,
  plan,
  viewers: 3,
  onAir: broadcast.onAir,
  item: null,
  settings: null,
  phase: 'live',
  trouble: null,
  columns: 72,
  color: false,
};

function drawn(changes: Partial<StreamScreenProps>): string[] {
  const { lastFrame, unmount } = render(<StreamScreen {...live} {...changes} />);
  const frame = lastFrame() ?? '';
  unmount();
  return frame.split('\n');
}

describe('StreamScreen', () => {
  it('shows what is on air, where in it, how it runs, the plan and the link', () => {
    expect(drawn({})).toEqual([
      '● on air  talk.mp4 in lobby                                    3 viewers',
      '███░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0:42 / 12:30',
      '25 fps   2.1 Mbit/s   2.0 s buffered',
      'video: transcode hevc → h264 1280x720 at 2.5 Mbit/s, because: hevc;',
      'B-frames',
      'audio: copy opus',
      'watch: http://192.0.2.4:8080/lobby',
      'Ctrl-C takes it off air.',
    ]);
  });

  it('fits a narrow terminal', () => {
    const lines = drawn({ columns: 40 });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines).toContain('watch: http://192.0.2.4:8080/lobby');
  });

  it('shows rounds, restarts and trouble where there are any', () => {
    const text = drawn({
      stats: { ...stats, loops: 2, restarts: 1 },
      trouble: 'ffmpeg failed: \u001b[2J',
    }).join('\n');
    expect(text).toContain('round 3   1 restart');
    expect(text).toContain('ffmpeg failed: \\e[2J');
  });

  it('shows that the slate or a stand-in is on air, the item, and what was set', () => {
    const [first, second] = drawn({ onAir: { entry: 'slate', words: 'slate' } });
    expect(first).toContain('● on its slate  talk.mp4 in lobby');
    expect(second).toContain(' fps ');
    const item = { index: 2, words: 'third.mp4' };
    expect(drawn({ item })[3]).toBe('item 3: third.mp4');
    const lines = drawn({
      onAir: { entry: 'fallback-1', words: 'backup.mp4' },
      item,
      settings: { paused: true, volumePercent: 100, muted: true },
      stats: { ...stats, slates: 2 },
    });
    expect(lines[0]).toContain('● on air: backup.mp4 (fallback-1)  talk.mp4 in lobby');
    expect(lines[2]).toBe('25 fps   2.1 Mbit/s   2.0 s buffered   slate 2 times   paused   muted');
    expect(lines[3]).toMatch(/^video: /);
  });

  it('shows the place alone where the duration is not known', () => {
    expect(drawn({ stats: { ...stats, durationMs: null } })[1]).toBe('0:42');
  });

  it('shows the end without an offer to stop', () => {
    const lines = drawn({ phase: { ended: 'Off air: ended at 12:30' } });
    expect(lines[0]).toContain('Off air: ended at 12:30');
    expect(lines.join('\n')).not.toContain('Ctrl-C');
  });
});

describe('mirolive stream on a terminal', () => {
  it('draws the screen and leaves its last state there', async () => {
    await using desk = await openDesk({
      startBroadcast: () => {
        for (const event of [startedEvent, statsEvent, endedEvent('ended')]) desk.emit(event);
        return broadcast;
      },
    });
    const text = await onTerminal(`stream --file talk.mp4 --room lobby --socket ${desk.socket} --no-color`);
    const last = text.slice(text.lastIndexOf('Off air'));
    expect(last).toContain('Off air: ended at 0:42  talk.mp4 in lobby');
    expect(last).toContain('watch: http://192.0.2.4:8080/lobby');
  });
});
