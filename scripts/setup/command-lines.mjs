import { readdirSync, readFileSync } from 'node:fs';

/** Those of all processes of this machine that can be seen, whoever they belong to; their words end with NUL each. */
export const commandLines = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        // It has ended.
        return '';
      }
    });
