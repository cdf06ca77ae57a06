import { Readable } from 'node:stream';

/** So many entries are written in one go: of viewers that takes a millisecond. */
const mostAtOnce = 200;

/** Whether an answer is a list that is too long to be written in one go: nobody else would have his turn meanwhile. */
export function isLongList(answer: unknown): answer is readonly unknown[] {
  return Array.isArray(answer) && answer.length > mostAtOnce;
}

/** A list as JSON, some entries at a time, as fast as it is read. */
export function listJson(list: readonly unknown[]): Readable {
  return Readable.from(pieces(list), { objectMode: false });
}

async function* pieces(list: readonly unknown[]): AsyncGenerator<string> {
  for (let from = 0; from < list.length; from += mostAtOnce) {
    const some = list.slice(from, from + mostAtOnce).map((entry) => JSON.stringify(entry) ?? 'null');
    yield `${from === 0 ? '[' : ','}${some.join()}`;
    await new Promise((resolve) => setImmediate(resolve));
  }
  yield list.length === 0 ? '[]' : ']';
}
