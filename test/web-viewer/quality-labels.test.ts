import { describe, expect, test } from 'vitest';
import { qualityLabels } from '../../src/web-viewer/quality-labels.ts';

describe('The menu of qualities', () => {
  test.each([
    { name: 'nothing where there is no broadcast', given: null, renditions: [], labels: ['Auto'] },
    {
      name: 'the best first',
      given: null,
      renditions: ['240p', '480p', 'source'],
      labels: ['Auto', 'Source', '480p', '240p'],
    },
    {
      name: 'what Auto gives',
      given: '240p',
      renditions: ['240p', '720p'],
      labels: ['Auto (240p)', '720p', '240p'],
    },
  ])('shows $name', ({ renditions, given, labels }) => {
    expect(qualityLabels(renditions, given).map(({ label }) => label)).toEqual(labels);
  });
});
