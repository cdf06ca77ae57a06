import { expect, test } from 'vitest';
import { eventually } from '../../helpers/browser.ts';
import { play, twoPlaces } from '../../helpers/two-places.ts';

const places = twoPlaces();

test('a viewer whose network drops UDP watches by TCP', async () => {
  await places.line.drop('-p', 'udp');
  const page = await places.far();
  await play(page);
  await places.line.open();
  await page.close();
});

test('a viewer whose network drops the media port is told so, and named, until it lets all in', async () => {
  const { port } = new URL(places.server.url);
  await places.line.drop('-p', 'udp');
  await places.line.drop('-p', 'tcp', '!', '--sport', port);
  const well = await places.near();
  const page = await places.far();
  await play(well);
  const [words, network] = [
    /1 of 2 viewers have it bad: no media gets through to /,
    places.line.address.replace(/\.1$/, '.0/24'),
  ];
  const reason = await eventually(places.health, (said) => words.test(said));
  expect(reason).toContain(`${network}, and to others it does: UDP/TCP port `);
  expect(reason).toMatch(/ is blocked on the way there\. Compare ports and addresses: mirolive doctor/);
  await eventually(
    () => places.says('viewers', 'list'),
    (table) => /SUFFERS(.|\n)*page +connecting +connecting /.test(table),
  );
  // The page has had no picture: what is to be done is not left out for one.
  await page.locator('#headline').getByText('The video does not get through').waitFor();
  await page.locator('#detail').getByText('Try another, such as mobile data').waitFor();
  await places.line.open();
  await play(page);
  await eventually(places.health, (said) => said === '');
});
