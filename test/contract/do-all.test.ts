import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
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

test('emitToAll tells who listens behind one that throws, and whoever listens once', () => {
  const emitter = new EventEmitter<{ told: [number] }>();
  const heard: number[] = [];
  emitter.on('told', failing).once('told', (what) => heard.push(what));
  expect(() => emitToAll(emitter, 'told', 1)).toThrow('that nobody foresaw');
  expect(() => emitToAll(emitter, 'told', 2)).toThrow('that nobody foresaw');
  expect(heard).toEqual([1]);
});
