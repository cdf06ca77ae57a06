/** What the page fetches once it is wanted, so that the picture does not wait for it. */
export { setUpHand } from './hand.ts';
export { statisticsRows } from './statistics-rows.ts';
