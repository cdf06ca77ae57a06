import { expect, test } from 'vitest';
import { Line } from '../../../src/ingest/child/line.ts';

test('Line does nothing for what comes after its end', () => {
  const sent: unknown[] = [];
  const acts: unknown[] = [];
  const act = (what: unknown) => void acts.push(what);
  const line = new Line<object>((message) => sent.push(message));
  line.handle({ type: 'tell', name: 'act', what: 'before' }, { act });
  line.end(new Error('over'));
  line.handle({ type: 'tell', name: 'act', what: 'after' }, { act });
  line.handle({ type: 'ask', call: 1, name: 'act', what: 'after', held: true }, { act });
  line.handle('nonsense', { act });
  expect({ sent, acts }).toEqual({ sent: [], acts: ['before'] });
});
