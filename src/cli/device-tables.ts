import type { Devices } from '../contract/devices.ts';
import { printable, table } from './format.ts';
import type { Output } from './output.ts';

/** What can be put on air as a table, each with the flag to copy; a sentence with the way on if there is nothing. */
export function deviceTables(devices: Devices, { paint }: Pick<Output, 'paint'>): string[] {
  const rows = [
    ...devices.cameras.map(({ device, name }) => ['camera', `--device ${device}`, name]),
    ...devices.sounds.map(({ device, name }) => ['sound', `--audio-device ${device}`, name]),
    ...devices.displays.map(({ display, width, height }) => [
      ...['screen', `--screen ${display}`, width === null || height === null ? '' : `${width}x${height}`],
    ]),
    ...devices.windows.map(({ display, id, title, width, height }) => [
      ...['window', `--window ${id}`, `${title} (${width}x${height} on ${display})`],
    ]),
  ];
  const notes = devices.notes.map((note) => `note: ${printable(note)}`);
  if (rows.length === 0) {
    return [
      'No cameras, sound devices or screens. To try a chain without: mirolive stream --test --room lobby',
      ...notes,
    ];
  }
  const headings = ['KIND', 'FLAG', 'NAME'].map((name) => paint('dim', name));
  return [
    ...table(
      headings,
      rows.map((row) => row.map(printable)),
    ),
    ...notes,
  ];
}
