import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection under way. Browsers send one at a time; answers that nobody reads are held in memory. */
const maxUnderWay = 8;

const underWay = new WeakMap<Socket, number>();

/**
 * For `createServer`: counts what a connection asks from its headers to the last byte of the answer, also what Node answers by
 * itself, and ends a connection that asks too much at once.
 */
export class BoundedResponse<Request extends IncomingMessage> extends ServerResponse<Request> {
  constructor(...given: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(...given);
    const { socket } = given[0];
    const count = (underWay.get(socket) ?? 0) + 1;
    underWay.set(socket, count);
    // Not before others have had their turn: 2 MB are read in one, and what is answered as fast is work too.
    const answered = () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1);
    this.once('close', () => setImmediate(answered));
    if (count > maxUnderWay) end(socket);
  }
}

/** For `onRequest`, before all others: Node hands on the request too that has ended its connection, and nobody would hear the answer. */
export function unlessEnded(
  { raw }: { readonly raw: IncomingMessage },
  reply: { hijack(): unknown },
  done: () => void,
): void {
  if (raw.socket.destroyed) reply.hijack();
  else done();
}

/** Node would go on to the end of what it has read, and 64 KB hold 1,700 requests: an error of its parser stops that. */
function end(socket: Socket & { parser?: { onIncoming: () => number } | null }): void {
  if (socket.parser) socket.parser.onIncoming = () => -1;
  socket.destroy();
}
