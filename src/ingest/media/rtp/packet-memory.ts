/** Bytes of one piece: some fifty packets of a picture, some hundreds of sound. */
const pieceBytes = 64 * 1024;

interface Piece {
  readonly bytes: Buffer;
  /** Number of the last packet in it. */
  last: number;
}

/**
 * Memory for the packets of one stream, in pieces that are used again: what is kept for seconds and then let go is what costs
 * a garbage collector most. No more than what is kept takes, and a piece.
 */
export class PacketMemory {
  /** The oldest first; the last one is being filled. */
  readonly #pieces: Piece[] = [];
  #filled = 0;

  /**
   * Memory for a packet.
   *
   * @param number counts the packets of the stream
   * @param usedTo number of the first packet that somebody may still need: memory of those before it is used again
   */
  take(bytes: number, number: number, usedTo: number): Buffer {
    let piece = this.#pieces.at(-1);
    if (!piece || this.#filled + bytes > piece.bytes.length) piece = this.#next(bytes, usedTo);
    piece.last = number;
    this.#filled += bytes;
    return piece.bytes.subarray(this.#filled - bytes, this.#filled);
  }

  #next(bytes: number, usedTo: number): Piece {
    const isFree = (piece: Piece | undefined) => piece !== undefined && piece.last < usedTo;
    const piece = isFree(this.#pieces[0]) ? this.#pieces.shift() : undefined;
    // After a burst there are more than it takes.
    while (isFree(this.#pieces[0])) this.#pieces.shift();
    const next =
      piece && piece.bytes.length >= bytes
        ? piece
        : { bytes: Buffer.allocUnsafeSlow(Math.max(bytes, pieceBytes)), last: 0 };
    this.#pieces.push(next);
    this.#filled = 0;
    return next;
  }
}
