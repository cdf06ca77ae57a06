/** A request or an answer of RTSP (RFC 2326). */
export interface RtspMessage {
  /** The first line and the headers, without the ends of the lines. */
  readonly lines: readonly string[];
  readonly body: Buffer;
}

/** `SETUP`; undefined for an answer. */
export function methodOf({ lines: [start = ''] }: RtspMessage): string | undefined {
  return /^(\S+) \S+ RTSP\//i.exec(start)?.[1]?.toUpperCase();
}

/** 200 and so on; undefined for a request. */
export function statusOf({ lines: [start = ''] }: RtspMessage): number | undefined {
  const [, status] = /^RTSP\/\d+\.\d+ (\d{3})/i.exec(start) ?? [];
  return status === undefined ? undefined : Number(status);
}

export function headerOf({ lines }: RtspMessage, name: string): string | undefined {
  const line = lines.find((one, at) => at > 0 && isNamed(one, name));
  return line?.slice(name.length + 1).trim();
}

/** The same message with a header of another value; undefined: without it. */
export function withHeader(message: RtspMessage, name: string, value: string | undefined): RtspMessage {
  const others = message.lines.filter((line, at) => at === 0 || !isNamed(line, name));
  return { ...message, lines: value === undefined ? others : [...others, `${name}: ${value}`] };
}

export function encodeMessage({ lines, body }: RtspMessage): Buffer {
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

function isNamed(line: string, name: string): boolean {
  return line.toLowerCase().startsWith(`${name.toLowerCase()}:`);
}
