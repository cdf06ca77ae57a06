import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { doAll, emitToAll } from '../../src/contract/do-all.ts';

const failing = () => {
  throw new Error('a listener that nobody foresaw');
};

test('doAll does what comes behind something that throws', () => {
  const done: string[] = [];
  expect(() => doAll([() => done.push('a'), failing, () => done.push('b')])).toThrow('that nobody foresaw');
  expect(done).toEqual(['a', 'b']);
  expect(() => doAll([failing, failing])).toThrow(AggregateError);
});

test('emitToAll tells who listens behind one that throws, and holds up nobody who tells', () => {
  const later: (() => void)[] = [];
  using _ = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((act) => later.push(act));
  const emitter = new EventEmitter<{ told: [number] }>();
  const heard: number[] = [];
  emitter.on('told', failing).once('told', (what) => heard.push(what));
  emitToAll(emitter, 'told', 1);
  emitToAll(emitter, 'told', 2);
  expect(heard).toEqual([1]);
  expect(later).toHaveLength(2);
  expect(later[0]).toThrow('that nobody foresaw');
});
