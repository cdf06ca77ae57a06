import { expect, test } from 'vitest';
import type { MiroliveError } from '../../../src/contract/errors.ts';
import type { Viewer } from '../../../src/contract/models.ts';
import { addressOf, namedBy, ownMarksOf } from '../../../src/daemon/viewers/whom-to-ban.ts';
import { viewer } from '../../cli/samples.ts';

const [guest, link, browser] = ['g-aaaaaaaaaa', 'l-aaaaaaaaaa', 'u-aaaaaaaaaaaaaaaa'];
const address = '2001:db8:1:2::5';
const page: Viewer = { ...viewer, kind: 'page', address, browser, link: null, guest: null };
const player: Viewer = { ...page, kind: 'whep', browser: null };
const alone = { sharing: 0, isLinkOpen: true };

/** What is banned, or how it is refused. */
const banned = (one: Viewer, around = alone) => {
  try {
    return ownMarksOf(one, around);
  } catch (error) {
    const { code, message, hint } = error as MiroliveError;
    return { code, message, hint };
  }
};

test.each([
  { name: 'a page', viewer: page, expected: { kind: 'browser', browser } },
  {
    name: 'a page that came by a link',
    viewer: { ...page, link, guest },
    expected: { kind: 'guest', guest, link, browser },
  },
  {
    name: 'such a page whose browser says no id',
    viewer: { ...page, link, guest, browser: null },
    expected: { kind: 'guest', guest, link, browser: null },
  },
  {
    name: 'a player with the pass of a guest',
    viewer: { ...player, link, guest },
    expected: { kind: 'guest', guest, link, browser: null },
  },
])('$name is banned by what is its own', ({ viewer, expected }) => {
  expect(banned(viewer)).toEqual(expected);
});

test.each([
  { name: 'a page without an id', viewer: { ...page, browser: null } },
  { name: 'a player', viewer: player },
])('of $name only the address is known: it is said how many share it, and how it is banned', ({ viewer }) => {
  expect(banned(viewer, { ...alone, sharing: 3 })).toEqual({
    code: 'ONLY_BY_ADDRESS',
    message:
      'expected a viewer that is known again, got v-aaaaaaaaaa, of which only the address is known, and 3 other viewers share that',
    hint: 'Ban the address, whoever has it: mirolive viewers ban v-aaaaaaaaaa --address',
  });
});

test('a player by the secret of a link is another guest each time: the link is what ends that', () => {
  const one = { ...player, link };
  const byAddress =
    'or ban its address, which 1 other viewer shares: mirolive viewers ban v-aaaaaaaaaa --address';
  expect(banned(one, { sharing: 1, isLinkOpen: true })).toEqual({
    code: 'ONLY_BY_ADDRESS',
    message: `expected a viewer that is known again, got v-aaaaaaaaaa, a player that came by the secret of link ${link}, and is another guest each time`,
    hint: `Put out all who came by it: mirolive links revoke ${link}; ${byAddress}`,
  });
  expect(banned(one, { sharing: 1, isLinkOpen: false })).toMatchObject({
    code: 'ONLY_BY_ADDRESS',
    hint: `Put it out: mirolive viewers kick v-aaaaaaaaaa; ${byAddress}`,
  });
});

test.each([page, { ...page, link, guest }, player, { ...player, link }])(
  'the address of a viewer is banned where that is asked for, whatever else is known of it',
  (one) => {
    expect(addressOf(one)).toEqual({ kind: 'network', network: '2001:db8:1:2::/64' });
  },
);

test('an id that names no viewer is of a guest or a browser, and neither where an address was asked for', () => {
  expect(namedBy(guest, false)).toEqual({ kind: 'guest', guest, link: null, browser: null });
  expect(namedBy(browser, false)).toEqual({ kind: 'browser', browser });
  expect(namedBy('192.0.2.4', true)).toEqual({ kind: 'network', network: '192.0.2.4' });
  for (const words of [guest, browser])
    expect(() => namedBy(words, true)).toThrow(
      expect.objectContaining({
        ...{
          code: 'INVALID_REQUEST',
          message: `expected the id of a viewer, who has an address, got ${words}`,
        },
      }),
    );
});
