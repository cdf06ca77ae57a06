import type { LogLevelState, ToldOfLog } from '../../contract/log.ts';
import { moment, type Paint, printable } from './format.ts';

const styles = { error: 'red', warn: 'yellow', info: 'green', debug: 'dim' } as const;
/** Its message says them already. */
const said = ['type'];

/** A line of the log, for people. */
export function logWords(told: Exclude<ToldOfLog, { type: 'failed' }>, now: number, paint: Paint): string[] {
  switch (told.type) {
    case 'open':
      return told.file === null ? [paint('dim', memoryWords(told.from, now))] : [];
    case 'line': {
      const { at, level, message, room, fields } = told;
      const rest = Object.entries(fields).filter(([name]) => !said.includes(name));
      const words = rest.map(([name, value]) => ` ${name}=${printable(valueWords(value))}`).join('');
      const where = room === null ? '' : `${printable(room)}: `;
      const style = styles[level];
      return [
        `${paint('dim', moment(at, now))}  ${paint(style, level.padEnd(5))}  ${where}${printable(message)}${paint('dim', words)}`,
      ];
    }
  }
}

/** `info, as configured`, `debug until 20:15:00, then info`. */
export function logLevelWords({ level, configured, until }: LogLevelState, now: number): string {
  if (until !== null) return `${level} until ${moment(until, now)}, then ${configured}`;
  return level === configured
    ? `${level}, as configured`
    : `${level} until the next start; ${configured} is configured`;
}

function memoryWords(from: string | null, now: number): string {
  return from === null
    ? 'nothing was written yet; the log goes to standard error'
    : `what is in memory since ${moment(from, now)}; the log goes to standard error, or is no JSON`;
}

function valueWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
