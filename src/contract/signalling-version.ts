/**
 * What a page of this build speaks on its WebSocket, and says as `v`. One that says less, or nothing, is told nothing that it would not
 * understand; from 2 on a page passes over types of messages that it does not know.
 */
export const signallingVersion = 2;
