import { writeFileSync } from 'node:fs';

/**
 * What the kernel adds for each kind of process when it looks for one to end for want of memory (proc_pid_oom_score_adj(5),
 * up to 1000): ffmpeg goes first, which costs one source; then an ingest process, which costs its rooms; the daemon last.
 */
const scores = { self: 300, ffmpeg: 600 } as const;

/** Raises this process's score, or that of an ffmpeg, by its pid. */
export function dieFirst(which: 'self' | number): void {
  try {
    writeFileSync(`/proc/${which}/oom_score_adj`, `${which === 'self' ? scores.self : scores.ffmpeg}`);
  } catch {
    // It has ended, or this is no Linux: nothing depends on it.
  }
}
