import type { Viewer } from '../../../contract/models.ts';
import type { Client } from '../../client.ts';
import { kickedLines, reachedLines, unreachedLine } from '../../words/ban-words.ts';
import type { Action } from './action.ts';
import type { ViewerAct } from './viewer-act.ts';

/** What is asked before a viewer is put out. */
export function kickQuestion(viewer: Viewer): string {
  return `Put out ${viewer.id} (${marks(viewer)})?`;
}

/** What is asked before somebody is banned: whom it is about, which is more than one viewer. */
export function banQuestion(viewer: Viewer): string {
  const { id, browser, address, room } = viewer;
  return browser === null
    ? `Ban the address ${address}, whoever has it, from ${room}?`
    : `Ban the browser of ${id} from ${room} (${marks(viewer)})?`;
}

/** Does it, and gives what is told of it. */
export async function actOnViewers(client: Pick<Client, 'call'>, act: ViewerAct): Promise<Action> {
  switch (act.is) {
    case 'kick': {
      const done = await client.call('kickViewers', { ids: [act.viewer], reason: null });
      return did(kickedLines(done).join('. '));
    }
    case 'ban': {
      const { room, viewer } = act;
      const { ban, kicked } = await client.call('ban', { who: viewer, room, forMs: null, reason: null });
      const words = `banned ${viewer} from ${room}${kicked.length > 1 ? `, with ${kicked.length - 1} more` : ''}`;
      return { type: 'did', words, undo: { is: 'unban', ban: ban.id, words } };
    }
    case 'unban': {
      await client.call('unban', { id: act.ban });
      return did(`taken back: ${act.words}`);
    }
    case 'message': {
      const { viewer, text } = act;
      const { reached } = await client.call('messageViewer', { id: viewer, text, forMs: null });
      return reached ? did(`shown to ${viewer}`) : missed(unreachedLine([viewer]));
    }
    case 'announce': {
      const { room, text } = act;
      return did(reachedLines(await client.call('announce', { room, text }), room).join('. '));
    }
  }
}

/** By what people tell it from others. */
function marks({ address, browserName, userAgent }: Viewer): string {
  return [address, browserName ?? userAgent].filter(Boolean).join(', ');
}

function did(words: string): Action {
  return { type: 'did', words, undo: null };
}

function missed(text: string): Action {
  return { type: 'said', text, tint: 'bad' };
}
