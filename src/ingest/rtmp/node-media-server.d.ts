/** What is used of the internals of node-media-server 4.4.3, which comes without types. */
declare module 'node-media-server/src/session/rtmp_session.js' {
  import type { Socket } from 'node:net';

  namespace RtmpSession {
    interface Command {
      readonly streamName?: unknown;
    }

    interface Connect {
      readonly cmdObj: { readonly tcUrl?: unknown };
    }

    interface AvPacket {
      /** The type of the RTMP message: 8 sound, 9 picture, 18 data. */
      readonly codec_type: number;
      /** 0 sound header, 1 sound, 2 picture header, 3 key frame, 4 picture, 5 data, 6 HDR. */
      flags: number;
      /** Of `data`, which may have more. */
      size: number;
      data: Buffer;
    }

    interface Rtmp {
      readonly inPackets: ReadonlyMap<number, unknown>;
      readonly parserPacket: {
        readonly header: { readonly length: number; readonly type: number; readonly stream_id: number };
        /** Time of the message, in ms. */
        clock: number;
        readonly payload: Buffer;
        readonly capacity: number;
      };
      flv: unknown;
      streamApp: unknown;
      streamName: unknown;
      streamId: number;
      /** After how many bytes the client wants to hear of them; 0: it has not said so. */
      readonly ackSize: number;
      onConnect: (command: Connect) => void;
      onPublish: (command: Command) => void;
      onPlay: (command: Command) => void;
      invokeHandler: () => void;
      eventHandler: () => void;
      onPacketCallback: (packet: AvPacket) => void;
      onOutputCallback: (bytes: Buffer) => void;
      packetAlloc: () => void;
      dataHandler: () => void;
      respondPublish(): void;
      respondPlay(): void;
      sendACK(bytes: number): void;
      sendInvokeMessage(streamId: number, command: { readonly cmd: string; readonly transId: number }): void;
      sendStreamStatus(event: number, value: number): void;
      sendStatusMessage(streamId: number, level: string, code: string, description: string): void;
    }

    interface Broadcast {
      /** What it says of itself in its metadata. */
      readonly publisher: { readonly videoCodec: unknown } | null;
      flvGopCache: Set<Buffer> | null;
      rtmpGopCache: Set<Buffer> | null;
      _finishPublish(): void;
    }
  }

  class RtmpSession {
    constructor(socket: Socket);
    readonly rtmp: RtmpSession.Rtmp;
    readonly broadcast: RtmpSession.Broadcast;
    onData: (bytes: Buffer) => void;
    onPacket: (packet: RtmpSession.AvPacket) => void;
    sendBuffer: (bytes: Buffer) => void;
    onConnect(stream: { app: string; name: string; host: string; query: object }): void;
    onPush(): void;
    onPlay(): void;
    run(): void;
  }

  export = RtmpSession;
}
