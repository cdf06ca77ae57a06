import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;

/** Whether a process with this id runs, whoever it belongs to. */
export const processIsAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/**
 * Takes the lock file `path`, waiting for the process that holds it; `onWait` gets that process's id, once. A lock
 * whose process is gone is taken over. Resolves to the function that gives the lock back.
 */
export const takeLock = async (path, { onWait = () => {}, signal } = {}) => {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}`;
  writeFileSync(own, identity(process.pid));
  try {
    for (let waits = 0; !tryLink(own, path); waits += 1) {
      const holder = holderOf(path);
      if (holder.alive) {
        if (waits === 0) onWait(holder.pid);
        await delay(POLL_MS, undefined, { signal });
      } else if (holder.text !== undefined) {
        takeAway(path, holder.text);
      }
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
};

// A link appears whole or not at all, so that nobody reads a half-written lock.
const tryLink = (from, to) => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
};

// Process ids are used again: the time at which the process started tells two apart.
const identity = (pid) => {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  // After the name, which may hold spaces and brackets, the 20th field is the start time (proc(5)).
  return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}\n`;
};

const holderOf = (path) => {
  try {
    const text = readFileSync(path, 'utf8');
    const pid = Number.parseInt(text, 10);
    return { text, pid, alive: processIsAlive(pid) && identity(pid) === text };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return {};
  }
};

// Two may find the same dead lock: what the second one then takes away may be the first one's new lock, so it looks.
const takeAway = (path, dead) => {
  const taken = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, taken);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(taken, 'utf8') !== dead) tryLink(taken, path);
  rmSync(taken, { force: true });
};
