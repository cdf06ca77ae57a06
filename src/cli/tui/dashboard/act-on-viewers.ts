import type { Viewer } from '../../../contract/models.ts';
import { networkOf } from '../../../contract/network-of.ts';
import type { Client } from '../../client.ts';
import { kickedLines, reachedLines, unreachedLine } from '../../words/ban-words.ts';
import { count } from '../../words/format.ts';
import { loweredLines } from '../../words/hand-table.ts';
import type { Action } from './action.ts';
import type { ViewerAct } from './viewer-act.ts';

/** What is asked before a viewer is put out. */
export function kickQuestion(viewer: Viewer): string {
  return `Put out ${viewer.id} (${marks(viewer)})?`;
}

/** What is asked before somebody is banned: whom it is about, which may be more than one viewer. @param all of the room */
export function banQuestion(viewer: Viewer, all: readonly Viewer[]): string {
  const { id, browser, guest, address, room } = viewer;
  if (guest != null) return `Ban guest ${id} and its browser from ${room} (${marks(viewer)})?`;
  if (browser !== null) return `Ban the browser of ${id} from ${room} (${marks(viewer)})?`;
  const sharing = all.filter((other) => other.id !== id && networkOf(other.address) === networkOf(address));
  const shared = sharing.length === 0 ? '' : ` (${count(sharing.length, 'other viewer')})`;
  return `Ban the address ${address}, whoever has it${shared}, from ${room}?`;
}

/** A ban of it: by what is its own where anything is. A daemon of before an upgrade decides that by itself. */
export function banOf({ id, room, browser, guest }: Viewer): ViewerAct {
  const address = guest === null && browser === null;
  return { is: 'ban', room, viewer: id, ...(address ? { address } : {}) };
}

/** Does it, and gives what is told of it. */
export async function actOnViewers(client: Pick<Client, 'call'>, act: ViewerAct): Promise<Action> {
  switch (act.is) {
    case 'kick': {
      const done = await client.call('kickViewers', { ids: [act.viewer], reason: null });
      return did(kickedLines(done).join('. '));
    }
    case 'lowerHand':
      return did(loweredLines(await client.call('lowerHands', { ids: [act.viewer] })).join('. '));
    case 'ban': {
      const { is: _, viewer, ...where } = act;
      const { room } = where;
      const input = { who: viewer, ...where, forMs: null, reason: null };
      const { ban, kicked, openLink } = await client.call('ban', input);
      const words = `banned ${viewer} from ${room}${kicked.length > 1 ? `, with ${kicked.length - 1} more` : ''}`;
      const back = openLink == null ? '' : `; by link ${openLink} he may come again`;
      return { type: 'did', words: `${words}${back}`, undo: { is: 'unban', ban: ban.id, words } };
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
function marks({ address, browserName, userAgent, link }: Viewer): string {
  return [address, browserName ?? userAgent, link && `link ${link}`].filter(Boolean).join(', ');
}

function did(words: string): Action {
  return { type: 'did', words, undo: null };
}

function missed(text: string): Action {
  return { type: 'said', text, tint: 'bad' };
}
