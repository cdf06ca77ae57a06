import type { Devices } from '../../contract/devices.ts';
import { connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { type Paint, printable, table } from '../words/format.ts';

/** `mirolive devices` */
export const add = (program: Verb) =>
  program
    .verb('devices', "Cameras, sound devices, screens and windows of the daemon's machine.", [
      'mirolive devices',
      "mirolive devices --json | jq -r '.cameras[].device'",
    ])
    .does(async (context) => {
      const found = await (await connect(context)).call('listDevices', {});
      context.output.show(found, () => deviceTable(found, context.output.paint));
    });

/** What can be put on air as a table, each with the flag to copy; a sentence with the way on if there is nothing. */
function deviceTable(devices: Devices, paint: Paint): string[] {
  const rows = [
    ...devices.cameras.map(({ device, name }) => ['camera', `--device ${device}`, name]),
    ...devices.sounds.map(({ device, name }) => ['sound', `--audio-device ${device}`, name]),
    ...devices.displays.map(({ display, width, height }) => [
      ...['screen', `--screen ${display}`, width === null || height === null ? '' : `${width}x${height}`],
    ]),
    ...devices.windows.map(({ display, id, title, width, height }) => [
      ...['window', `--window ${id}`, `${title} (${width}x${height} on ${display})`],
    ]),
  ].map((row) => row.map(printable));
  const notes = devices.notes.map((note) => `note: ${printable(note)}`);
  if (rows.length === 0) {
    return [
      'No cameras, sound devices or screens. To try a chain without: mirolive stream --test --room lobby',
      ...notes,
    ];
  }
  return [...table(['KIND', 'FLAG', 'NAME'], rows, paint), ...notes];
}
