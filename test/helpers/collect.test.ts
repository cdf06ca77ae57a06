import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { collect } from './collect.ts';

test('collect gives each event once, in order, also those that came together, or before they were asked for', async () => {
  const emitter = new EventEmitter<{ said: [string] }>();
  const said = collect(emitter, 'said');
  emitter.emit('said', 'one');
  emitter.emit('said', 'two');
  const third = [said.next(), said.next(), said.next()];
  emitter.emit('said', 'three');
  expect(await Promise.all(third)).toEqual([['one'], ['two'], ['three']]);
  expect(await said.count(2)).toEqual([['one'], ['two'], ['three']]);
});

test('collect tells what it has heard when it has waited too long', async () => {
  vi.useFakeTimers();
  try {
    const emitter = new EventEmitter<{ said: [string] }>();
    const said = collect(emitter, 'said');
    emitter.emit('said', 'one');
    const waited = expect(said.count(2)).rejects.toThrow(
      `expected 2 of 'said' within 60000 ms, heard 1: ["one"]`,
    );
    await vi.advanceTimersByTimeAsync(60_000);
    await waited;
  } finally {
    vi.useRealTimers();
  }
});
