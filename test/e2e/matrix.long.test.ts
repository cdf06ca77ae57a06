import { test } from 'vitest';
import { addressRows } from './matrix/address-rows.ts';
import { fileRows } from './matrix/file-rows.ts';
import { liveRows } from './matrix/live-rows.ts';
import { machineRows } from './matrix/machine-rows.ts';
import { playRows } from './matrix/play-rows.ts';
import { publisherRooms, publisherRows } from './matrix/publisher-rows.ts';
import { twoLayers } from './matrix/two-layers.ts';

playRows([...publisherRows, ...addressRows, ...fileRows, ...liveRows, ...machineRows], {
  rooms: publisherRooms,
  more: (here) =>
    test.concurrent('a page publishes two layers by WHIP: whoever joins sees it soon, and its loss and its return leave viewers their tracks', () =>
      twoLayers(here)),
});
