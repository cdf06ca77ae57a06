/** How long a client of the page's port may take, in ms. */
export interface ServerTimes {
  /** From the connection, or the end of the request before, to the end of the headers of a request that has begun. */
  readonly headersMs: number;
  /** The same to the end of its body. */
  readonly requestMs: number;
  /** Without a byte to or fro while a request is under way. */
  readonly idleMs: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
  /** How often headers and bodies are looked at. */
  readonly checkMs: number;
  /** A page that answers no ping within this is gone. */
  readonly pingMs: number;
  /** From the goodbye to pages until whoever is still connected is cut off. */
  readonly farewellMs: number;
}

export const defaultTimes: ServerTimes = {
  headersMs: 5000,
  requestMs: 10_000,
  idleMs: 30_000,
  keepAliveMs: 10_000,
  checkMs: 1000,
  pingMs: 20_000,
  farewellMs: 1000,
};
