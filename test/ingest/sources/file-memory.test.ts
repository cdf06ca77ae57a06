import { describe, expect, test } from 'vitest';
import type { FileInput } from '../../../src/ingest/sources/file-input.ts';
import { FileMemory } from '../../../src/ingest/sources/file-memory.ts';
import { plainInput } from '../../../src/ingest/sources/input.ts';

/** An opened file that tells whether it is open. */
class OpenFile {
  open = true;
  readonly input: FileInput;

  constructor(path: string, identity = 'as it was') {
    this.input = {
      ...plainInput([{ options: [], location: path }], { live: false }),
      ...{ aside: { fd: -1, path, location: path }, sizeBytes: 1, identity },
      [Symbol.asyncDispose]: async () => {
        this.open = false;
      },
    };
  }
}

/** Looks that are counted, and end when they are told. */
class Looks {
  readonly signals: AbortSignal[] = [];
  readonly #ends: PromiseWithResolvers<{ value: string; keep: boolean }>[] = [];

  readonly look = (signal: AbortSignal) => {
    this.signals.push(signal);
    const end = Promise.withResolvers<{ value: string; keep: boolean }>();
    signal.addEventListener('abort', () => end.reject(signal.reason));
    this.#ends.push(end);
    return end.promise;
  };

  end(value: string, keep = true): void {
    this.#ends.shift()?.resolve({ value, keep });
  }
}

const at = async (value: string, keep = true) => ({ value, keep });
const never = () => Promise.reject(new Error('looked at anew'));

describe('FileMemory', () => {
  test('tells what is remembered, and takes over what others found of the same file', async () => {
    const told: unknown[] = [];
    const [memory, other] = [new FileMemory<string>((known) => told.push(known)), new FileMemory<string>()];
    await memory.of(new OpenFile('/a').input, undefined, () => at('whole'));
    await memory.of(new OpenFile('/b').input, undefined, () => at('cut short', false));
    expect(told).toEqual([{ path: '/a', identity: 'as it was', value: 'whole' }]);
    other.learn({ path: '/a', identity: 'as it was', value: 'whole' });
    expect(await other.of(new OpenFile('/a').input, undefined, never)).toBe('whole');
    expect(await other.of(new OpenFile('/a', 'changed').input, undefined, () => at('new'))).toBe('new');
  });

  test('looks once for all who ask at a moment, and keeps the file open for as long as that takes', async () => {
    const [memory, looks] = [new FileMemory<string>(), new Looks()];
    const files = Array.from({ length: 30 }, () => new OpenFile('/a'));
    const found = files.map(({ input }) => memory.of(input, undefined, looks.look));
    await Promise.resolve();
    expect(files[0]?.open).toBe(true);
    looks.end('found');
    expect(new Set(await Promise.all(found))).toEqual(new Set(['found']));
    expect(looks.signals.length).toBe(1);
    expect(files.filter(({ open }) => open)).toEqual([]);
    const later = new OpenFile('/a');
    expect(await memory.of(later.input, undefined, never)).toBe('found');
    expect(later.open).toBe(false);
  });

  test('looks anew where the file is another one', async () => {
    const memory = new FileMemory<string>();
    await memory.of(new OpenFile('/a', 'first').input, undefined, () => at('first'));
    expect(await memory.of(new OpenFile('/a', 'second').input, undefined, () => at('second'))).toBe('second');
    expect(await memory.of(new OpenFile('/a', 'first').input, undefined, () => at('again'))).toBe('again');
  });

  test('gives what is being looked at to nobody who has opened another file by its name', async () => {
    const [memory, looks] = [new FileMemory<string>(), new Looks()];
    const first = memory.of(new OpenFile('/a', 'first').input, undefined, looks.look);
    const second = memory.of(new OpenFile('/a', 'second').input, undefined, looks.look);
    await Promise.resolve();
    looks.end('of the first');
    looks.end('of the second');
    expect(await Promise.all([first, second])).toEqual(['of the first', 'of the second']);
  });

  test('remembers no failure, and nothing that was cut off', async () => {
    const memory = new FileMemory<string>();
    const ask = (look: () => Promise<{ value: string; keep: boolean }>) => {
      const file = new OpenFile('/a');
      return memory.of(file.input, undefined, look).finally(() => expect(file.open).toBe(false));
    };
    await expect(ask(() => Promise.reject(new Error('no media')))).rejects.toThrow('no media');
    expect(await ask(() => at('half', false))).toBe('half');
    expect(await ask(() => at('whole'))).toBe('whole');
    expect(await ask(never)).toBe('whole');
  });

  test('goes on with a look that others wait for, and ends it with the last', async () => {
    const [memory, looks] = [new FileMemory<string>(), new Looks()];
    const file = new OpenFile('/a');
    const [one, two] = [new AbortController(), new AbortController()];
    const found = [
      memory.of(file.input, one.signal, looks.look),
      memory.of(new OpenFile('/a').input, two.signal, looks.look),
    ];
    const settled = Promise.allSettled(found);
    await Promise.resolve();
    one.abort(new Error('gone'));
    await expect(found[0]).rejects.toThrow('gone');
    expect(looks.signals[0]?.aborted).toBe(false);
    expect(file.open).toBe(true);
    two.abort(new Error('gone too'));
    await settled;
    expect(looks.signals[0]?.aborted).toBe(true);
    expect(file.open).toBe(false);
    const anew = memory.of(new OpenFile('/a').input, undefined, () => at('anew'));
    expect(await anew).toBe('anew');
  });

  test('forgets what was not asked for the longest', async () => {
    const memory = new FileMemory<string>();
    const ask = (index: number, look: () => Promise<{ value: string; keep: boolean }>) =>
      memory.of(new OpenFile(`/${index}`).input, undefined, look);
    for (let index = 0; index < 500; index += 1) await ask(index, () => at('first'));
    await ask(0, never);
    await ask(500, () => at('first'));
    expect(await ask(0, never)).toBe('first');
    expect(await ask(1, () => at('again'))).toBe('again');
  });
});
