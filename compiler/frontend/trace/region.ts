/** Conditions on tensors, and the blocks that regions are traced into. */
import { Block, Builder, scalarType, tensorType, type Value } from '../../ir/index.ts';
import { loadNumber } from '../../ir/ops/index.ts';
import type { PyValue } from '../eval/index.ts';
import { traceDiagnostics } from './diagnostics.ts';
import type { TensorSession } from './session.ts';
import { elementsOf, Tensor } from './tensor.ts';

/** The truth of a known tensor, or null when only a run can tell. */
export function knownTruth(session: TensorSession, test: PyValue): boolean | null {
  if (!(test instanceof Tensor)) return null;
  if (test.payload.kind === 'symbolic' || (test.isParameter && session.trace)) return null;
  const { type, data } = session.known(test, 'a truth value');
  return elementsOf(type) === 1
    ? loadNumber(type.dtype, data, 0) !== 0
    : session.stop(traceDiagnostics.valueUnknown, ['the truth value of a tensor with several elements']);
}

/** A tensor as booleans: what is not 0 holds. */
export const asCondition = (session: TensorSession, test: Tensor): Tensor => {
  if (test.type.dtype === 'i1') return test;
  return session.op('ms.not_equal', [test, session.scalar(0, test.type.dtype)]);
};

/** The scalar i1 of a one-element tensor. */
export function conditionValue(session: TensorSession, test: Tensor): Value {
  if (test.type.shape.some((extent) => extent !== 1)) {
    session.stop(
      traceDiagnostics.operandsDoNotFit,
      ['if', `the condition has shape [${test.type.shape.join(', ')}], expected one element`],
      [`condition: ${test.type.key}`],
    );
  }
  const flag = asCondition(session, test);
  const scalar = flag.type.shape.length === 0 ? flag : session.stated('ms.reshape', [flag], [tensorType([], 'i1')])[0];
  return session.builder().create('tensor.extract', [session.valueOf(scalar)], [scalarType('i1')]).results[0];
}

/** Runs code with its ops going into a fresh block. */
export function inBlock<Result>(session: TensorSession, block: Block, run: () => Result): Result {
  const { trace } = session;
  if (!trace) throw new Error('no graph is being traced');
  const outer = trace.builder;
  trace.builder = new Builder(block, outer.definitions);
  try {
    return run();
  } finally {
    trace.builder = outer;
  }
}

/** Gives up what the ops of a block use: the block was traced only to see what it does. */
export function discard(block: Block): void {
  for (const op of block.operations) op.dropUses();
  block.operations = [];
}
