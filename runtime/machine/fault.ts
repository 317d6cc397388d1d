/** What goes wrong in a running program, as a value. */
import type { Pipe } from '../isa/index.ts';

/** Which core: its kind and number. */
export interface CoreName {
  readonly kind: 'cube' | 'vector';
  readonly index: number;
}

/** A program did something the machine does not allow. */
export interface MachineFault {
  readonly core: CoreName;
  /** Word index of the instruction. */
  readonly pc: number;
  readonly pipe: Pipe;
  /** The byte address that is wrong, where there is one. */
  readonly address: number | null;
  readonly message: string;
}

/** Carries a fault's text and address from a memory access to the interpreter, which adds core and pc. */
export class AccessFault extends Error {
  readonly address: number | null;
  constructor(message: string, address: number | null) {
    super(message);
    this.address = address;
  }
}

/** A core's name in traces and messages, e.g. `core3.veccore1`: block-style numbering, two vector cores to a cube core. */
export function coreLabel({ kind, index }: CoreName): string {
  return kind === 'cube' ? `core${index}.cubecore0` : `core${index >> 1}.veccore${index & 1}`;
}

/** A fault as one line. */
export function faultText(fault: MachineFault): string {
  const address = fault.address === null ? '' : ` at address 0x${fault.address.toString(16)}`;
  return `${coreLabel(fault.core)}, word ${fault.pc}, pipe ${fault.pipe}: ${fault.message}${address}`;
}
