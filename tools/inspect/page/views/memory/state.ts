/** What the memory view shows, as a link to it says. */
import { hashParameter } from '../../shell/route.ts';

/** `gm` or `chip`. */
export const where = hashParameter('memory', 'gm');
/** Index of the device. */
export const deviceNumber = hashParameter('device', '0');
/** Index of the chosen buffer of GM; empty for none. */
export const bufferNumber = hashParameter('buffer', '');
/** The kernel whose on-chip buffers are shown; empty for the one that fills a memory most. */
export const kernelName = hashParameter('onchip', '');
