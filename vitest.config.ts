import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: real ffmpeg, workers and browsers of several files at once would starve each other.
    fileParallelism: false,
    maxConcurrency: 2,
  },
});
