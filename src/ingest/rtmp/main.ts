import { runChild } from '../child/run-child.ts';
import type { RtmpReport, RtmpRequest } from './messages.ts';
import { RtmpProcess } from './rtmp-process.ts';

// Forked by the daemon. It faces the internet, and holds nothing but its connections: when it dies, it is started anew.
process.title = 'mirolive rtmp';
runChild<RtmpRequest, RtmpReport>((report) => new RtmpProcess(report));
