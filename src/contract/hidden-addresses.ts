/** What stands where an address was: it was not kept, or is not to be told. */
export const hiddenAddress = '–';

/** Fields that hold nothing but somebody's address. */
export const addressKeys = ['address', 'remoteAddress', 'ip'];
/** What may be an address of IPv4 or IPv6 in a text; which it is says `isAddress`. */
const candidates =
  /(?<![\w:.])(?:\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|[0-9a-f]*:[0-9a-f:]*:(?:[0-9a-f]+|\d{1,3}(?:\.\d{1,3}){3})?(?:%\w+)?(?![\w:]|\.\d))/gi;
/** They are everybody's, and tell of nobody. */
const nobodys = ['127.0.0.1', '0.0.0.0', '::', '::1'];

/** The same value without the addresses that are in it, wherever they are: the one place that knows what of a fact tells where somebody is. */
export function withoutAddresses<T>(value: T): T {
  return hidden(value) as T;
}

/** A text without the addresses that are in it; those that any machine has stay. */
export function textWithoutAddresses(
  text: string,
  isOther: (text: string, at: number) => boolean = () => false,
): string {
  return replaceAddresses(text, (found, at) => (isOther(text, at) ? found : hiddenAddress));
}

/** A text in which something stands for each address that is of somebody. */
export function replaceAddresses(text: string, by: (found: string, at: number) => string): string {
  return text.replace(candidates, (found: string, at: number) => (isAddress(found) ? by(found, at) : found));
}

function hidden(value: unknown): unknown {
  if (typeof value === 'string') return textWithoutAddresses(value);
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' ? hiddenOf(key, inner) : hidden(inner),
    ]),
  );
}

function hiddenOf(key: string, text: string): string {
  if (addressKeys.includes(key)) return hiddenAddress;
  return key === 'userAgent' ? textWithoutAddresses(text, isVersion) : textWithoutAddresses(text);
}

/** `Chrome/126.0.0.0` names a version. */
function isVersion(text: string, at: number): boolean {
  return text[at - 1] === '/';
}

/** A time of the day has colons too, but neither two in a row nor seven. */
function isAddress(text: string): boolean {
  if (nobodys.includes(text)) return false;
  if (!text.includes(':')) return text.split('.').every((part) => Number(part) <= 255);
  const words = text.split(':');
  return text.includes('::')
    ? words.length <= 9
    : words.length === 8 || (words.length === 7 && /\./.test(text));
}
