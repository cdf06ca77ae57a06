import { pseudoRandom } from '../../../helpers/pseudo-random.ts';
import { realOffers } from './real-offers.ts';

/** Offers in which some lines are missing, come of another client, or are damaged; the same on each run. */
export function* damagedOffers(sdp: string, count: number): Generator<string> {
  const random = pseudoRandom(7);
  const pieces = Object.values(realOffers).flatMap((offer) => offer.split('\r\n'));
  const damage = () => {
    const line = pieces[random(pieces.length)] ?? '';
    const at = random(line.length + 1);
    return line.slice(0, at) + String.fromCharCode(random(0x3000)) + line.slice(at + random(8));
  };
  for (let round = 0; round < count; round++) {
    const lines = sdp.split('\r\n');
    for (let change = 0; change < 1 + random(6); change++) {
      lines.splice(random(lines.length), random(3), damage());
    }
    yield lines.join('\r\n');
  }
}
