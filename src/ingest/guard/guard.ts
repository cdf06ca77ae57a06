import type { MiroliveError } from '../../contract/errors.ts';
import type { HttpHeaders } from '../../contract/header-words.ts';
import type { Variants } from '../../contract/plan.ts';
import type { Mark } from '../child/mark.ts';
import type { Address, Destination } from './network.ts';
import type { WantedVariant } from './variants.ts';

/** One opening of an address of HTTP, as ffmpeg is told of it. */
export interface HttpOpening {
  /** Says nothing of the real address: others on this machine can read ffmpeg's arguments. */
  readonly location: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How an address of HTTP is asked for. */
export interface HttpWishes {
  /** For its server. */
  readonly headers?: HttpHeaders | undefined;
  /** Of a list of HLS; default all. */
  readonly variant?: WantedVariant | undefined;
  /** It, and whatever it leads to, has to be on the public internet, though private networks are allowed. */
  readonly confined?: true | undefined;
}

/** An address of HTTP that the guard holds open. */
export type OpenedHttp = Opened<HttpOpening> & {
  /** The variants that there were to choose from; null: none were seen. */
  variants(): Promise<Variants | null>;
};

/** A port on loopback that stands for one server. */
export interface RelayOpening {
  readonly port: number;
}

/** What is understood of what passes a relay: RTSP, whose redirects are not followed, and which may send by UDP; null: nothing. */
export type RelayedProtocol = 'rtsp' | null;

/** A relay that the guard holds open. */
export type OpenedRelay = Opened<RelayOpening> & {
  /** The server sent its media by UDP. */
  byUdp(): Promise<boolean>;
};

/** Something that the guard holds open. */
export type Opened<T> = T & {
  /** Why something could not be had just now; null: nothing is known. */
  refusal(): Promise<MiroliveError | null>;
  close(): void;
};

/** The only way of ffmpeg to addresses: whatever it connects to has been looked up, checked and opened by the guard. */
export interface Guard extends AsyncDisposable {
  /** @param address of http or https @param mark what for */
  openHttp(address: string, mark: Mark | null, wishes?: HttpWishes): Promise<OpenedHttp>;
  openRelay(destination: Destination, protocol: RelayedProtocol, mark: Mark | null): Promise<OpenedRelay>;
  /**
   * The addresses of a host, all of them allowed.
   *
   * @throws MiroliveError SOURCE_PRIVATE_ADDRESS, SOURCE_UNREACHABLE
   */
  addresses(host: string): Promise<readonly Address[]>;
}
