/** What lowering says to a user. */
import type { Diagnostic, DiagnosticDefinition, Operation, TensorType } from '../../ir/index.ts';
import { diagnose, userPosition } from '../../ir/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { physicalBytes } from './layout.ts';

const noLowering: DiagnosticDefinition<readonly [what: string]> = {
  code: 'MSC0601',
  severity: 'error',
  exitClass: 'unsupported',
  title: 'operator without a kernel',
  message: (what) => `${what} has no kernel for this target`,
  help: () => 'write the computation with operators that `msc ops` lists as lowered for the target',
  explanation:
    'The backend has no kernel for this operator with these types. It never computes on the host what the network asks of the NPU, so compilation stops here.',
  wrong: null,
  right: null,
};

const tooLarge: DiagnosticDefinition<readonly [type: string, bytes: number, limit: number]> = {
  code: 'MSC0602',
  severity: 'error',
  exitClass: 'does-not-fit',
  title: 'tensor that does not fit',
  message: (type, bytes, limit) => `${type} takes ${bytes} bytes, a tensor on this target has at most ${limit}`,
  help: () => 'make the input smaller, or compute the result in parts',
  explanation:
    'Each tensor of the network has its place in the memory of the device, and kernels step through it with 32-bit distances. This one is larger than either allows.',
  wrong: null,
  right: null,
};

export const BACKEND_DIAGNOSTICS = { noLowering, tooLarge } as const;

/** What a kernel can reach within one tensor. */
const LARGEST_TENSOR = 2 ** 32 - 1;

function placeOf(op: Operation): readonly string[] {
  const position = userPosition(op.location);
  return position === null ? [] : [`at ${position.file}:${position.line}:${position.column}`];
}

/** The op cannot run on the target; `reason` says why. */
export function unsupported(op: Operation, what: string, reason: string): Diagnostic {
  return diagnose(noLowering, null, [what], { notes: [reason, ...placeOf(op)] });
}

/** What keeps any kernel from being written for an op: tensors too large for the target. */
export function unfitTensor(op: Operation, chip: Chip): Diagnostic | null {
  const limit = Math.min(chip.hbmBytes ?? LARGEST_TENSOR, LARGEST_TENSOR);
  const types = [...op.operands, ...op.results]
    .map(({ type }) => type)
    .filter((type): type is TensorType => type.kind === 'tensor');
  for (const type of types) {
    const bytes = physicalBytes(type);
    if (bytes > limit) return diagnose(tooLarge, null, [type.key, bytes, limit], { notes: placeOf(op) });
  }
  return null;
}
