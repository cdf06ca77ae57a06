import { type Clock, every, type Timer } from '../../contract/clock.ts';
import { cFunction } from '../c-library.ts';

/** `sys/socket.h` of Linux, the same on x64 and arm64: AF_UNIX, SOCK_DGRAM with SOCK_CLOEXEC, MSG_DONTWAIT with MSG_NOSIGNAL. */
const afUnix = 1;
const datagram = 2 | 0x80000;
const atOnce = 0x40 | 0x4000;

interface Sockets {
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly sendto: (
    fd: number,
    data: Buffer,
    bytes: number,
    flags: number,
    to: Buffer,
    toBytes: number,
  ) => number;
}

/** What the manager says of itself when it starts a service, as sd_notify(3) and sd_watchdog_enabled(3) have it. */
type Environment = Readonly<Record<'NOTIFY_SOCKET' | 'WATCHDOG_USEC' | 'WATCHDOG_PID', string | undefined>>;

/** To systemd, or to a parent that supervises this process, as `mirolive daemon --supervise` does: it hears the same words. false: it was not said. */
type Send = (message: string) => unknown;

/** Tells systemd, or who supervises it instead, how the daemon is. Where nobody listens, or it cannot be reached, nothing is lost but that. */
export class ServiceManager {
  readonly #send: Send;
  readonly #watchdogMs: number | null;
  #status = '';
  /** What could not be said yet, the first first; no more than the last of each kind. */
  #unsaid: readonly string[] = [];

  private constructor(send: Send, watchdogMs: number | null) {
    this.#send = send;
    this.#watchdogMs = watchdogMs;
  }

  /**
   * @param pid this process's: what a parent was told is not meant
   * @param parent says something to it; undefined: there is no channel
   */
  static find(
    { NOTIFY_SOCKET: path = '', WATCHDOG_USEC: usec, WATCHDOG_PID: meant }: Environment,
    pid: number,
    parent?: Send,
  ): ServiceManager {
    const isMeant = meant === undefined || meant === `${pid}`;
    const watchdogMs = usec !== undefined && isMeant && Number(usec) > 0 ? Number(usec) / 1000 : null;
    return new ServiceManager(parent ?? (/^[/@]./.test(path) ? sender(path) : () => {}), watchdogMs);
  }

  ready(): void {
    this.#say('READY=1');
  }

  /** It reads its configuration again; `ready` says that it has. @param monotonicUs by the clock of the system's start */
  reloading(monotonicUs: bigint): void {
    this.#say(`RELOADING=1\nMONOTONIC_USEC=${monotonicUs}`);
  }

  stopping(): void {
    this.#say('STOPPING=1');
  }

  /** One line for `systemctl status`; it is told when it is another one. Says too what could not be said before. */
  status(words: string): void {
    if (words === this.#status) this.#sayAll();
    else this.#say(`STATUS=${words}`);
    this.#status = words;
  }

  /** Says that the loop of this process turns, three times as often as it has to. */
  watch(clock: Clock): Timer {
    if (this.#watchdogMs === null) return { cancel: () => {} };
    return every(clock, this.#watchdogMs / 3, () => this.#say('WATCHDOG=1'));
  }

  #say(message: string): void {
    this.#unsaid = [...this.#unsaid.filter((one) => kindOf(one) !== kindOf(message)), message];
    this.#sayAll();
  }

  #sayAll(): void {
    const unsaid = this.#unsaid.findIndex((message) => this.#send(message) === false);
    this.#unsaid = unsaid === -1 ? [] : this.#unsaid.slice(unsaid);
  }
}

function kindOf(message: string): string | undefined {
  return message.split('=')[0];
}

/** sockaddr_un of unix(7): a path that begins with @ is an abstract name. */
function addressOf(path: string): Buffer {
  const isAbstract = path.startsWith('@');
  const name = Buffer.from(isAbstract ? `\0${path.slice(1)}` : `${path}\0`);
  const address = Buffer.alloc(2 + name.length);
  address.writeUInt16LE(afUnix);
  name.copy(address, 2);
  return address;
}

function sender(path: string): Send {
  const address = addressOf(path);
  const socket = cFunction<Sockets['socket']>('int socket(int domain, int type, int protocol)');
  const sendto = cFunction<Sockets['sendto']>(
    'long sendto(int fd, const uint8_t *data, size_t bytes, int flags, const uint8_t *to, uint32_t toBytes)',
  );
  // Who starts it gets no word of it then, and goes by the process alone.
  if (!socket || !sendto) return () => {};
  let fd = -1;
  return (message) => {
    // A process may be out of descriptors for a moment.
    if (fd < 0) fd = socket(afUnix, datagram, 0);
    const data = Buffer.from(message);
    return sendto(fd, data, data.length, atOnce, address, address.length) >= 0;
  };
}
