import { connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';

/** `mirolive export` */
export const add = (program: Verb) =>
  program
    .verb(
      'export',
      'Write what there is as an event file: applied, it changes nothing. Of secrets it has the hashes; addresses stand there with their passwords.',
      ['mirolive export >all.yaml', 'mirolive export --name webinar >webinar.yaml'],
    )
    .option('--name <name>', 'only what the event file of this name applied')
    .does(async (context, { name }: { readonly name?: string }) => {
      const declared = await (await connect(context)).call('exportDeclared', { name });
      if (context.output.json) {
        context.output.value(declared);
        return undefined;
      }
      const { eventText } = await import('../../contract/event/event-text.ts');
      context.output.stdout.write(eventText(declared));
      return undefined;
    });
