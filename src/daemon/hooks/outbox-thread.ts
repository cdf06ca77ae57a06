import { parentPort, workerData } from 'node:worker_threads';
import { systemChance, systemClock } from '../../contract/clock.ts';
import { Deliveries } from './deliveries.ts';
import { openOutbox } from './open-outbox.ts';
import type { OutboxAsk, OutboxTask, OutboxThreadData, OutboxWord } from './outbox-messages.ts';
import { poster } from './post.ts';

/** What could be sent at the end is waited for so long, in ms, looked at so often. */
const flushMs = 1000;
const flushLookMs = 20;

const { file, agent } = workerData as OutboxThreadData;
const say = (word: OutboxWord) => parentPort?.postMessage(word);
let allow: readonly string[] = [];

// Whatever the disk does not let it do ends this thread: it is begun anew, with what was not written yet.
const { outbox, setAside } = openOutbox(file, systemClock.wallMs());
const deliveries = new Deliveries({
  ...{ outbox, clock: systemClock, chance: systemChance },
  post: poster({ allow: () => allow, agent }),
  tell: (fact) => say({ is: 'fact', fact }),
});
say({ is: 'open', setAside });

parentPort?.on('message', (task: OutboxTask) => {
  switch (task.is) {
    case 'set':
      allow = task.allow;
      outbox.keepOnly(task.known);
      deliveries.set(task.receivers);
      return;
    case 'put': {
      const lost = outbox.put(task.postings, systemClock.wallMs());
      say({ is: 'written', count: task.postings.length });
      for (const [webhook, count] of lost)
        say({ is: 'fact', fact: { is: 'lost', webhook, count, why: 'full' } });
      deliveries.wake();
      return;
    }
    case 'ask':
      void answer(task.ask).then((value) => say({ is: 'answer', id: task.id, answer: value }));
  }
});

async function answer(ask: OutboxAsk): Promise<unknown> {
  switch (ask.what) {
    case 'figures':
      return Object.fromEntries(ask.webhooks.map((one) => [one, deliveries.figures(one)]));
    case 'log':
      return outbox.log(ask.webhook, ask.limit);
    case 'again': {
      const waiting = outbox.again(ask.webhook, ask.events, systemClock.wallMs());
      deliveries.hurry(ask.webhook);
      return waiting;
    }
    case 'try':
      return await deliveries.try(ask.webhook, ask.event, ask.body);
    case 'flush':
      return await flush();
  }
}

async function flush(): Promise<null> {
  const untilMs = systemClock.nowMs() + flushMs;
  while (!deliveries.isIdle && systemClock.nowMs() < untilMs)
    await new Promise<void>((resolve) => systemClock.after(flushLookMs, resolve));
  deliveries.close();
  outbox.close();
  return null;
}
