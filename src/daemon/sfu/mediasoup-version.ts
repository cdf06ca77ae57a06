/** The version of the library, as `mirolive version` tells it. */
export { version as mediasoupVersion } from 'mediasoup';
