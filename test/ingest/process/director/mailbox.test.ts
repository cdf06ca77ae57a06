import { describe, expect, test } from 'vitest';
import { Mailbox } from '../../../../src/ingest/process/director/mailbox.ts';

describe('Mailbox', () => {
  test('whose message throws tells that, and does nothing of what waits, or comes later', () => {
    const done: string[] = [];
    const broken: unknown[] = [];
    const mailbox = new Mailbox(
      () => done.push('settled'),
      (error) => broken.push(error),
    );
    const fault = new Error('its own fault');
    const work = () =>
      mailbox.post(() => {
        mailbox.post(() => done.push('next'));
        throw fault;
      });
    expect(work).toThrow(fault);
    mailbox.post(() => done.push('later'));
    expect([done, broken]).toEqual([[], [fault]]);
  });
});
