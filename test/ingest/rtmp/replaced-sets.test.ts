import { describe, expect, test } from 'vitest';
import { ReplacedSets } from '../../../src/ingest/rtmp/replaced-sets.ts';

/** A header of H.264 with one set of each kind, lengths in `lengthBytes` bytes. */
const header = (sps: string, pps: string, lengthBytes = 4) =>
  Buffer.from(
    `1700000000 0142c01e ${(0xfc | (lengthBytes - 1)).toString(16)} e1 0002${sps} 01 0002${pps}`.replaceAll(
      ' ',
      '',
    ),
    'hex',
  );
const key = Buffer.from('1701000000aaaa', 'hex');
const other = Buffer.from('2701000000bbbb', 'hex');

/** What is passed on of the messages. */
const passed = (...bodies: Buffer[]) => {
  const sets = new ReplacedSets();
  return bodies.map((body) => sets.passed(body).toString('hex'));
};

describe('ReplacedSets', () => {
  test.each([
    { name: 'the only header', bodies: [header('6701', '6801')], passes: '1701000000aaaa' },
    {
      name: 'the same one again',
      bodies: [header('6701', '6801'), header('6701', '6801')],
      passes: '1701000000aaaa',
    },
    {
      name: 'another one',
      bodies: [header('6701', '6801'), header('6702', '6802')],
      passes: '1701000000000000026702000000026802aaaa',
    },
    {
      name: 'lengths of two bytes',
      bodies: [header('6701', '6801', 2), header('6702', '6802', 2)],
      passes: '1701000000000267020002' + '6802aaaa',
    },
    {
      name: 'the first one again, which may not be the first for whoever came meanwhile',
      bodies: [header('6701', '6801'), header('6702', '6802'), header('6701', '6801')],
      passes: '1701000000000000026701000000026801aaaa',
    },
    {
      name: 'one that is cut short',
      bodies: [header('6701', '6801'), header('6702', '6802').subarray(0, 14)],
      passes: '1701000000aaaa',
    },
    {
      name: 'one that is longer than any encoder makes it',
      bodies: [
        header('6701', '6801'),
        Buffer.concat([header('6702', '6802'), Buffer.alloc(64 * 1024)]),
        header('6701', '6801'),
      ],
      passes: '1701000000aaaa',
    },
  ])('$name', ({ bodies, passes }) => {
    const all = passed(...bodies, key, other, key);
    expect(all.slice(0, bodies.length)).toEqual(bodies.map((body) => body.toString('hex')));
    expect(all.slice(bodies.length)).toEqual([passes, '2701000000bbbb', passes]);
  });

  test('leaves other codecs alone, and what is too short', () => {
    const bodies = ['22aaaa', '9068766331aa', '17', ''].map((hex) => Buffer.from(hex, 'hex'));
    expect(passed(...bodies)).toEqual(['22aaaa', '9068766331aa', '17', '']);
  });
});
