import { runChild } from '../child/run-child.ts';
import { rtmpProcess } from './rtmp-process.ts';

// Forked by the daemon. It faces the internet, and holds nothing but its connections: when it dies, it is started anew.
process.title = 'mirolive rtmp';
runChild(rtmpProcess);
