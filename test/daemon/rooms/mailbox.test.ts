import { expect, test } from 'vitest';
import { Mailbox } from '../../../src/daemon/rooms/mailbox.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const clock = new VirtualClock();

test('Mailbox does one thing after the other, and what follows from each before the next', () => {
  const done: string[] = [];
  const mailbox: Mailbox = new Mailbox(clock, () => done.push('settled'));
  mailbox.post(() => {
    done.push('first');
    mailbox.post(() => done.push('second'));
    done.push('first still');
  });
  expect(done).toEqual(['first', 'first still', 'settled', 'second', 'settled']);
});

test('Mailbox gives what comes of a question, and goes on after one that throws', async () => {
  const mailbox = new Mailbox(clock, () => {});
  const refused = mailbox.ask(() => {
    throw new Error('not now');
  });
  await expect(refused).rejects.toThrow('not now');
  expect(await mailbox.ask(() => 7)).toBe(7);
});

test('Mailbox looks for whoever waits after each message, and no longer than that', async () => {
  const mailbox = new Mailbox(clock, () => {});
  let is: string | false = false;
  const found = mailbox.until(() => is);
  mailbox.post(() => {});
  expect(mailbox.watchers).toBe(1);
  mailbox.post(() => {
    is = 'there';
  });
  expect(await found).toBe('there');
  expect(mailbox.watchers).toBe(0);
});

test('Mailbox does what waits behind something that throws, and throws then', async () => {
  const done: string[] = [];
  const mailbox: Mailbox = new Mailbox(clock, () => done.push('settled'));
  let is: string | false = false;
  const found = mailbox.until(() => is);
  expect(() =>
    mailbox.post(() => {
      mailbox.post(() => {
        is = 'there';
      });
      throw new Error('a fault');
    }),
  ).toThrow('a fault');
  expect(await found).toBe('there');
  mailbox.post(() => done.push('later'));
  expect(done).toEqual(['settled', 'settled', 'later', 'settled']);
});

test('Mailbox lets nobody wait longer than he wants to', async () => {
  const mailbox = new Mailbox(clock, () => {});
  const late = mailbox.until(() => false, { limit: { ms: 1000, late: () => 'late' } });
  const inTime = mailbox.until(() => 'there', { limit: { ms: 1000, late: () => 'late' } });
  const gone = new AbortController();
  const left = mailbox.until(() => false, { signal: gone.signal });
  gone.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await clock.pass(1000);
  expect([await late, await inTime, mailbox.watchers, clock.timers]).toEqual(['late', 'there', 0, 0]);
});

test('Mailbox gives what comes of slow work, and no longer watches whether it is outdated', async () => {
  const mailbox = new Mailbox(clock, () => {});
  let outdated = false;
  const check = (): false => {
    if (outdated) throw new Error('outdated');
    return false;
  };
  expect(await mailbox.unless(check, async () => 7)).toBe(7);
  const forEver = mailbox.unless(check, () => new Promise(() => {}));
  outdated = true;
  mailbox.post(() => {});
  await expect(forEver).rejects.toThrow('outdated');
  expect(mailbox.watchers).toBe(0);
});
