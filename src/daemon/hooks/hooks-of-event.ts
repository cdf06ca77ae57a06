import type { Event, EventType } from '../../contract/events.ts';
import type { HookName } from '../../contract/hooks-config.ts';
import { eventLevels } from '../event-levels.ts';

/** Hooks that wait for one type of event, or several. */
const named: Partial<Readonly<Record<EventType, HookName>>> = {
  'broadcast.started': 'onLive',
  'broadcast.ended': 'onEnded',
  'broadcast.back': 'onRecovery',
  'source.back': 'onRecovery',
  'content.back': 'onRecovery',
  'folder.back': 'onRecovery',
  'rtmp.back': 'onRecovery',
  'schedule.well': 'onRecovery',
  'viewer.recovered': 'onRecovery',
  'daemon.recovered': 'onRecovery',
  'publisher.joined': 'onPublish',
  'publisher.left': 'onUnpublish',
};

/** Which hook an event is for; null: none. Nothing that strangers can do as often as they like starts a program. */
export function hookOf({ type }: Pick<Event, 'type'>): HookName | null {
  const level = eventLevels[type];
  return named[type] ?? (level === 'warn' || level === 'error' ? 'onTrouble' : null);
}
