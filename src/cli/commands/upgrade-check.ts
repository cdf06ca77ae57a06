import { connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { restartNotice, restartNoticeLines } from '../words/restart-notice.ts';

/** Somebody would notice it. */
const noticedStatus = 6;

/** `mirolive upgrade-check` */
export const add = (program: Verb) =>
  program
    .verb(
      'upgrade-check',
      'Who would notice it if the daemon were started anew now, and how long. Exit status 0: nobody, 6: somebody.',
      ['mirolive upgrade-check', 'mirolive upgrade-check --json | jq .noticed'],
    )
    .does(async (context) => {
      const client = await connect(context);
      const [status, publishers, coming] = await Promise.all([
        client.call('status', {}),
        client.call('listPublishers', {}),
        client.call('nextOccurrences', { days: 1 }),
      ]);
      const now = Date.now();
      const notice = restartNotice(status, publishers, coming, now);
      context.output.show(notice, () => restartNoticeLines(notice, context.output.paint, now));
      return notice.noticed ? noticedStatus : 0;
    });
