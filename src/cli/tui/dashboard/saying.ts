import type { Update } from './action.ts';
import { type Key, typed } from './prompt.ts';
import type { Over, Saying, State } from './state.ts';
import type { ViewerAct } from './viewer-act.ts';

/** What becomes of words for viewers, as they are typed, by a key. */
export function saidKey(state: State, over: Extract<Over, { is: 'says' }>, key: Key): Update {
  const to = (changes: Partial<State>, ...acts: ViewerAct[]): Update => ({
    state: { ...state, ...changes },
    effects: acts.map((act) => ({ do: 'act', act })),
  });
  switch (key.name) {
    case 'escape':
    case 'ctrl+c':
      return to({ over: { is: 'nothing' }, said: { text: 'nothing was said', tint: 'dim' } });
    case 'enter': {
      const text = over.prompt.text.trim();
      if (text === '') return to({});
      return to({ over: { is: 'nothing' } }, actOf(over.to, text));
    }
    default: {
      const prompt = typed(over.prompt, key);
      return to(prompt ? { over: { ...over, prompt } } : {});
    }
  }
}

/** What stands before the words. */
export function sayingWords(to: Saying): string {
  return to.is === 'message' ? `to ${to.viewer}: ` : `to all in ${to.room}: `;
}

function actOf(to: Saying, text: string): ViewerAct {
  return to.is === 'message'
    ? { is: 'message', viewer: to.viewer, text }
    : { is: 'announce', room: to.room, text };
}
