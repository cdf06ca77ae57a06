import {
  addressKeys,
  hiddenAddress,
  replaceAddresses,
  withoutAddresses,
} from '../../contract/hidden-addresses.ts';

/** Its bytes as characters: what is found in a file keeps its place there. */
const standIn = Buffer.from(hiddenAddress).toString('latin1');
const byKey = new RegExp(`("(?:${addressKeys.join('|')})":")([^"\\\\]*)(?=")`, 'g');

/** A line of the log without addresses, for who keeps none. */
export function logLineWithoutAddresses(line: string): string {
  try {
    return `${JSON.stringify(withoutAddresses(JSON.parse(line)))}\n`;
  } catch {
    return replaceAddresses(line, () => hiddenAddress);
  }
}

/** The same for lines that are in a file: as long as they were, byte by byte. Versions look like addresses, and go too. @param text latin1 */
export function scrubbedInPlace(text: string): string {
  const inKeys = text.replace(byKey, (_, key: string, value: string) => key + asLongAs(value));
  return replaceAddresses(inKeys, asLongAs);
}

function asLongAs(found: string): string {
  return (found.length < standIn.length ? '-' : standIn).padEnd(found.length).slice(0, found.length);
}
