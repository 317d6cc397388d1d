/** Branches, flags, barriers, cross-core synchronization. */
import { bothCores, integer, label, pipeOperand, source } from '../definition.ts';
import type { InstructionRow } from '../definition.ts';
import { binary, operand } from '../meaning/expression.ts';
import type { BinaryOp } from '../meaning/expression.ts';
import type { Synchronization } from '../meaning/statement.ts';

function branch(mnemonic: string, op: BinaryOp, sign: string): InstructionRow {
  return {
    mnemonic,
    cores: bothCores,
    pipe: 'S',
    timing: 'control',
    operands: [source('xn'), source('xm'), label('target')],
    meaning: { kind: 'control', what: 'jump', condition: binary(op, operand('xn', 'i64'), operand('xm', 'i64')) },
    summary: `continue at target if xn ${sign} xm, signed`,
  };
}

/** Control transfer. */
export const controlRows: readonly InstructionRow[] = [
  {
    mnemonic: 'end',
    cores: bothCores,
    pipe: 'S',
    timing: 'control',
    operands: [],
    meaning: { kind: 'control', what: 'end' },
    summary: 'the kernel ends when all queues are empty',
  },
  {
    mnemonic: 'jump',
    cores: bothCores,
    pipe: 'S',
    timing: 'control',
    operands: [label('target')],
    meaning: { kind: 'control', what: 'jump' },
    summary: 'continue at target',
  },
  branch('beq', 'eq', '=='),
  branch('bne', 'ne', '!='),
  branch('blt', 'lt', '<'),
  branch('ble', 'le', '<='),
  branch('bgt', 'gt', '>'),
  branch('bge', 'ge', '>='),
];

const flagOperands = [pipeOperand('pipe'), pipeOperand('trigger_pipe'), integer('flag_id', 'flag', 7)];

function synchronization(
  mnemonic: string,
  what: Synchronization['what'],
  operands: InstructionRow['operands'],
  summary: string,
): InstructionRow {
  return {
    mnemonic,
    cores: bothCores,
    pipe: 'S',
    timing: 'sync',
    operands,
    meaning: { kind: 'synchronization', what },
    summary,
  };
}

/** Synchronization between pipes and between cores. */
export const synchronizationRows: readonly InstructionRow[] = [
  synchronization(
    'set_flag',
    'set_flag',
    flagOperands,
    'in the queue of pipe: set the flag after all earlier instructions of pipe are complete',
  ),
  synchronization(
    'wait_flag',
    'wait_flag',
    flagOperands,
    'in the queue of trigger_pipe: hold that queue until the flag is set, then clear it',
  ),
  synchronization(
    'pipe_barrier',
    'pipe_barrier',
    [pipeOperand('pipe')],
    'hold the queue until all earlier instructions of pipe are complete',
  ),
  synchronization(
    'ffts_cross_core_sync',
    'cross_core_set',
    [
      pipeOperand('pipe'),
      integer(
        'message',
        'bits',
        0xfff,
        '1 + (mode << 4) + (flag << 8); mode 0: all cores of this kind, 1: the two vector cores of a block, 2: the cube core and the vector cores of a block',
      ),
    ],
    'signal the flag after all earlier instructions of pipe are complete',
  ),
  synchronization(
    'wait_flag_dev',
    'cross_core_wait',
    [integer('flag_id', 'flag', 15)],
    'hold the issue of later instructions until the cross-core flag counts at least 1, then count it down',
  ),
  synchronization(
    'dcci',
    'none',
    [],
    'clean and invalidate the data cache; the model has a coherent cache, so nothing happens',
  ),
];
