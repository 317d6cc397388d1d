/** Turns the fault record of a core into a `MachineFault`. */

import { faultText, type CoreName, type MachineFault } from '../machine/index.ts';
import type { Communication, TensorDtype } from '../program/index.ts';
import { faultCodes, spaces } from '../wasm/index.ts';
import type { LoadedStream } from './code.ts';
import type { ValueKind } from './values.ts';

/** Why a run ended early; `location` is an index into the program's locations. */
export type RunFailure =
  | {
      readonly kind: 'fault';
      readonly fault: MachineFault;
      readonly launch: number;
      readonly location: number | undefined;
    }
  | {
      /** A launch wrote a value that the run refuses. */
      readonly kind: 'value';
      readonly value: ValueKind;
      readonly element: number;
      readonly dtype: TensorDtype;
      readonly kernel: string;
      readonly launch: number;
      readonly location: number | undefined;
    }
  /** An assertion of the program did not hold. */
  | { readonly kind: 'assertion'; readonly message: string; readonly location: number | undefined }
  /** A loop turned more often than a run allows. */
  | { readonly kind: 'endless'; readonly location: number | undefined }
  /** The program speaks to other devices but runs alone. */
  | { readonly kind: 'alone'; readonly step: Communication; readonly location: number | undefined };

/** How a run of a program ended. */
export type RunOutcome = { readonly ok: true } | { readonly ok: false; readonly failure: RunFailure };

/** A failure in words, without its place. */
export function failureText(failure: RunFailure): string {
  switch (failure.kind) {
    case 'fault':
      return `launch ${failure.launch}: ${faultText(failure.fault)}`;
    case 'value':
      return `launch ${failure.launch}: ${failure.value} in element ${failure.element} of the ${failure.dtype} result of ${failure.kernel}`;
    case 'assertion':
      return `assertion failed: ${failure.message}`;
    case 'endless':
      return 'a loop does not end';
    case 'alone':
      return `the program waits in ${failure.step.kind === 'collective' ? failure.step.operation : failure.step.kind} for other devices, and it runs alone`;
  }
}

/** The core that task (block, subblock) of a stream runs on. */
export const coreName = (stream: LoadedStream, block: number, subblock: number, subblocks: number): CoreName => ({
  kind: stream.core,
  index: block * subblocks + subblock,
});

/** Describes a fault record. */
export function machineFault(
  stream: LoadedStream,
  core: CoreName,
  record: readonly [code: number, pc: number, detail: number, value: number],
): MachineFault {
  const [code, recordedPc, detail, value] = record;
  const pc = code === faultCodes.noEnd ? stream.words.length : recordedPc;
  const definition = stream.instructions.get(pc)?.definition;
  const isAddress = code === faultCodes.outside || code === faultCodes.misaligned || code === faultCodes.atomicType;
  return {
    core,
    pc,
    pipe: definition?.pipe ?? 'S',
    address: isAddress ? value : null,
    message: `${definition === undefined ? '' : `${definition.mnemonic}: `}${faultMessage(code, detail, value, definition?.operands[detail])}`,
  };
}

function faultMessage(
  code: number,
  detail: number,
  value: number,
  operand: { readonly name: string; readonly kind: string } | undefined,
): string {
  const maximum = operand !== undefined && 'maximum' in operand ? ` over ${String(operand.maximum)}` : ' too large';
  switch (code) {
    case faultCodes.outside:
      return `reaches outside ${spaces[detail] ?? 'its space'}`;
    case faultCodes.misaligned:
      return `address in ${spaces[detail] ?? 'its space'} is not aligned`;
    case faultCodes.tooLarge:
      return `${operand?.name ?? 'an operand'} = ${value} is${maximum}`;
    case faultCodes.atomicType:
      return 'the atomic element type is not the one that is written';
    case faultCodes.endless:
      return 'the stream does not end';
    default:
      return 'the stream ends without an end instruction';
  }
}
