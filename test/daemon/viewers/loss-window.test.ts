import { describe, expect, it } from 'vitest';
import { LossWindow } from '../../../src/daemon/viewers/loss-window.ts';

describe('LossWindow', () => {
  it('tells at the first look what was lost since the viewer came', () => {
    expect(new LossWindow().percent({ atMs: 90_000, sent: 1000, lost: 25 })).toBe(2.5);
  });

  it('tells nothing of a handful of packets', () => {
    expect(new LossWindow().percent({ atMs: 0, sent: 19, lost: 10 })).toBeNull();
  });

  it('forgets what was lost long ago, and judges five seconds at least, however often somebody looks', () => {
    const window = new LossWindow();
    const looks = [0, 1000, 2000, 3000, 4000, 5000, 6000, 10_000, 11_000].map((atMs) =>
      window.percent({ atMs, sent: 1000 + atMs / 10, lost: 100 }),
    );
    expect(looks).toEqual([10, 9.1, 8.3, 7.7, 7.1, 0, 0, 0, 0]);
  });

  it('begins anew with another stream, and never tells of more than all or less than nothing', () => {
    const window = new LossWindow();
    expect(window.percent({ atMs: 0, sent: 5000, lost: 5000 })).toBe(100);
    expect(window.percent({ atMs: 1000, sent: 100, lost: 1 })).toBe(1);
    expect(window.percent({ atMs: 9000, sent: 200, lost: 0 })).toBe(0);
    expect(window.percent({ atMs: 18_000, sent: 300, lost: 900 })).toBe(100);
  });
});
