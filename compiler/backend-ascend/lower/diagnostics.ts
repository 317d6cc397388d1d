/** What lowering says to a user. */
import type { Diagnostic, DiagnosticDefinition, Operation } from '../../ir/index.ts';
import { diagnose, userPosition } from '../../ir/index.ts';

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

export const BACKEND_DIAGNOSTICS = { noLowering } as const;

/** The op cannot run on the target; `reason` says why. */
export function unsupported(op: Operation, what: string, reason: string): Diagnostic {
  const position = userPosition(op.location);
  const at = position === null ? [] : [`at ${position.file}:${position.line}:${position.column}`];
  return diagnose(noLowering, null, [what], { notes: [reason, ...at] });
}
