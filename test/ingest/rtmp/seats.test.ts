import { describe, expect, it } from 'vitest';
import { Seats } from '../../../src/ingest/rtmp/seats.ts';

/** Seats, and the connections that had to leave, in order. */
function openSeats(max: number) {
  const seats = new Seats(max);
  const left: string[] = [];
  const take = (connection: string, address: string) =>
    seats.take(connection, address, () => left.push(connection));
  return { seats, left, take };
}

describe('Seats', () => {
  it('lets the stranger go who has been there longest when all are taken', () => {
    const { left, take } = openSeats(2);
    expect([take('a', '192.0.2.1'), take('b', '192.0.2.2'), take('c', '192.0.2.3')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(left).toEqual(['a']);
  });

  it('never lets a publisher go, and refuses when nobody else is there', () => {
    const { seats, left, take } = openSeats(2);
    take('a', '192.0.2.1');
    seats.keep('a');
    take('b', '192.0.2.2');
    expect(take('c', '192.0.2.3')).toBe(true);
    expect(left).toEqual(['b']);
    seats.keep('c');
    expect(take('d', '192.0.2.4')).toBe(false);
    seats.free('a');
    expect(take('d', '192.0.2.4')).toBe(true);
  });

  it('takes ten strangers from one network, and then one for another', () => {
    const { left, take } = openSeats(100);
    take('elsewhere', '192.0.2.7');
    for (let index = 0; index < 12; index++) take(`s${index}`, `2001:db8:0:1::${index}`);
    expect(left).toEqual(['s0', 's1']);
  });
});
