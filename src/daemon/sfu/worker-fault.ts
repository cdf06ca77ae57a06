import { accessSync, closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import { quoted } from '../../contract/quoted.ts';

const headerBytes = 64;
/** `e_machine` of ELF (elf(5)), by the names that Node has. */
const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

/** What is wrong with the file of a worker, in words, as far as that can be seen without running it; null: nothing. */
export function workerFault(path: string): string | null {
  const stats = statsOf(path);
  if (!stats) return 'there is no such file, or this user may not see it';
  if (!stats.isFile()) return 'it is no file';
  if (stats.size === 0) return 'it is empty';
  if (!mayRun(path)) return `this user may not run it: ls -l ${quoted(path)}`;
  const header = headerOf(path);
  return header && elfFault(header, stats.size);
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** null: it may be run, but not be read. */
function headerOf(path: string): Buffer | null {
  try {
    const file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(headerBytes);
      return header.subarray(0, readSync(file, header, 0, headerBytes, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** The table of sections is the last thing in a program as linkers write it: where it is not whole, the file was cut off. */
function elfFault(header: Buffer, size: number): string | null {
  // A script may start one.
  if (header.toString('latin1', 0, 2) === '#!') return null;
  if (header.toString('latin1', 0, 4) !== '\x7fELF') return 'it is no program';
  if (header.length < headerBytes) return cutOff(size);
  const is64Bit = header.readUInt8(4) === 2;
  const machine = machines[process.arch];
  if (machine !== undefined && (!is64Bit || header.readUInt16LE(18) !== machine))
    return `it is for another kind of machine than this one (${process.arch})`;
  if (!is64Bit) return null;
  const sections = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
  return sections > size ? cutOff(size) : null;
}

function cutOff(size: number): string {
  return `it is cut off: only ${size} bytes of it are there`;
}
