import { type CallName, calls } from '../../contract/api.ts';
import type { Control } from '../../contract/control.ts';
import type { Event } from '../../contract/events.ts';
import type { Source } from '../../contract/models.ts';
import type { Principal } from '../../contract/principal.ts';
import { sourceWords } from '../../contract/source-words.ts';
import type { Deed } from '../state/audit-log.ts';

/** They ask by POST since what they ask is long, and change nothing. */
const questions: readonly CallName[] = ['probe', 'scan', 'doctor', 'planApply'];
/** What is done by them is written with the deed in one transaction; what fails is not. */
const written: readonly CallName[] = [
  'ban',
  'unban',
  'createKey',
  'revokeKey',
  'rotateKey',
  'createToken',
  'revokeToken',
  'createLink',
  'revokeLink',
  'setRoom',
  'createRoom',
  'deleteRoom',
  'apply',
  'addSchedule',
  'removeSchedule',
  'pauseSchedule',
  'addWebhook',
  'removeWebhook',
];

/** Whether a call that went so belongs into the audit log, and is not there yet. */
export function isToBeTold(name: CallName, result: string): boolean {
  if (calls[name].method === 'GET' || questions.includes(name)) return false;
  // Whoever asks for what there is not has changed nothing.
  if (result === 'INVALID_REQUEST') return false;
  return result !== 'ok' || !written.includes(name);
}

/** What somebody did by a call; what was given is undefined where he may not make it. Only what is named here is told of what he gave: no address with its password, no header, no token. */
export function callDeed(
  name: CallName,
  given: unknown,
  answer: unknown,
  result: string,
  who: Principal,
): Deed {
  const input = (given ?? {}) as Readonly<Record<string, unknown>>;
  const made = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const word = (value: unknown) => (typeof value === 'string' ? value : null);
  const room = word(input.room) ?? word(made.room);
  const subject =
    word(input.id) ?? word(made.id) ?? word(input.name) ?? fileName(input.declared) ?? room ?? '';
  if (name === 'control') {
    const command = input.command as Control | undefined;
    const what = command ? `control.${command.type}` : name;
    return { who, what, subject, room, result, details: command ? commandDetails(command) : {} };
  }
  return { who, what: name, subject, room, result, details: callDetails(name, input, made) };
}

/** What is told of a call beside what it was done to: of viewers their ids alone. */
function callDetails(
  name: CallName,
  input: Readonly<Record<string, unknown>>,
  made: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (name === 'startBroadcast' && input.source) return { source: words(input.source as Source) };
  if (name === 'kickViewers' && Array.isArray(made.kicked)) return { viewers: made.kicked.slice(0, 20) };
  if (name === 'lowerHands' && Array.isArray(made.lowered)) return { viewers: made.lowered.slice(0, 20) };
  if (name === 'announce' && typeof made.reached === 'number') return { reached: made.reached };
  return {};
}

/** Of the event file that is applied. */
function fileName(declared: unknown): string | null {
  return (declared as { readonly name?: string } | undefined)?.name ?? null;
}

/** What the daemon did of itself, or let an encoder do; null: an event is no deed. */
export function eventDeed(event: Event): Deed | null {
  const who = { kind: 'daemon' } as const;
  switch (event.type) {
    case 'publisher.joined':
      return { who, what: event.type, subject: event.publisher.key, room: event.room };
    case 'publisher.left':
      return {
        ...{ who, what: event.type, subject: event.key, room: event.room },
        details: { reason: event.reason },
      };
    case 'daemon.stopping':
      return { who, what: event.type, subject: 'daemon' };
    default:
      return null;
  }
}

function commandDetails(command: Control): Record<string, unknown> {
  switch (command.type) {
    case 'take':
      return { source: words(command.source) };
    case 'add':
      return { items: command.items.length, at: command.at };
    case 'replace':
      return { items: command.items.length };
    default: {
      const { type: _, ...rest } = command;
      return rest;
    }
  }
}

/** Of any length is what somebody calls his source. */
function words(source: Source): string {
  return sourceWords(source).slice(0, 200);
}
