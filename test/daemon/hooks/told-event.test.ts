import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import { toldEvent } from '../../../src/daemon/hooks/told-event.ts';
import { viewer } from '../../cli/samples.ts';

const at = '2026-01-02T03:04:05.000Z';
const joined: Event = { at, type: 'viewer.joined', room: 'lobby', viewer };
const refused: Event = {
  ...{ at, type: 'publisher.refused', room: 'lobby', protocol: 'rtmp', address: '192.0.2.9' },
  ...{ code: 'KEY_UNKNOWN', message: 'who came from 192.0.2.9 has no key' },
};

test('an address of a viewer is left out, and all else is told', () => {
  const { address: _, ...rest } = viewer;
  expect(toldEvent(joined, false)).toEqual({
    ...{ type: 'viewer.joined', timestamp: at },
    data: { room: 'lobby', viewer: rest },
  });
});

test('an address that is left out does not stand in a sentence either', () => {
  expect(toldEvent(refused, false).data).toEqual({
    ...{ room: 'lobby', protocol: 'rtmp', code: 'KEY_UNKNOWN' },
    message: 'who came from … has no key',
  });
});

test('who may have addresses gets them', () => {
  expect(toldEvent(joined, true).data).toEqual({ room: 'lobby', viewer });
});
