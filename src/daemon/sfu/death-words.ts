/** As the deaths of other processes are told; mediasoup says `[pid:7, code:null, signal:SIGKILL]`. */
export function deathWords(message: string): string {
  const [, code, signal] = /^\[pid:\d+, code:(\w+), signal:(\w+)\]$/.exec(message) ?? [];
  if (signal === undefined) return message;
  return signal === 'null' ? `it ended with code ${code}` : `it was ended by ${signal}`;
}
