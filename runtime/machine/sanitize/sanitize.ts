/**
 * The race check: runs a kernel on the reference interpreter and asks of every access whether the flags order it after
 * the accesses it conflicts with, under any timing. What the interpreter faults on (addresses, unbalanced flags) is
 * reported as well.
 *
 * Order that the hardware gives for free: operations of MTE1, M, FIX and S with earlier ones of the same pipe; on V, MTE2
 * and MTE3 only that reads precede later writes. Everything else needs a flag, a barrier or a cross-core flag.
 */
import type { InstructionDefinition } from '../../isa/index.ts';
import type { Chip } from '../../target/index.ts';
import type { Core } from '../core.ts';
import type { CoreName, MachineFault } from '../fault.ts';
import { coresOf, interpretCores } from '../interpreter.ts';
import type { KernelLaunch } from '../interpreter.ts';
import type { Memory } from '../memory.ts';
import type { Release } from '../synchronization.ts';
import { Checker } from './checker.ts';
import type { SanitizeFinding, SanitizeOptions, SanitizeReport } from './findings.ts';

function check(
  launch: KernelLaunch,
  chip: Chip,
  gm: Memory,
  options: SanitizeOptions,
  ignoredWait: string,
): { readonly checker: Checker; readonly fault: MachineFault | null } {
  const cores = coresOf(launch, chip, gm);
  const checker = new Checker(cores, options.limit ?? 100, ignoredWait, options.written);
  const observer = {
    before: (_: Core, number: number, definition: InstructionDefinition): void => {
      checker.before(number, definition);
    },
    crossCore: (from: number, mode: number, flag: number, release: Release | null): void => {
      checker.crossCore(from, mode, flag, release);
    },
  };
  const result = interpretCores(cores, {
    observer,
    ...(options.maxInstructions === undefined ? {} : { maxInstructions: options.maxInstructions }),
  });
  checker.finish();
  return { checker, fault: result.ok ? null : result.fault };
}

/** Runs a kernel with every access checked. GM has the kernel's results afterwards. */
export function sanitize(launch: KernelLaunch, chip: Chip, gm: Memory, options: SanitizeOptions = {}): SanitizeReport {
  const before = options.findRedundantWaits === true ? gm.bytes.slice() : null;
  const { checker, fault } = check(launch, chip, gm, options, '');
  const findings = [...checker.findings];
  if (fault !== null)
    findings.push({
      kind: 'fault',
      severity: 'error',
      core: fault.core,
      pc: fault.pc,
      pipe: fault.pipe,
      other: null,
      space: null,
      address: fault.address,
      message: fault.message,
    });
  const hasErrors = findings.some((finding) => finding.severity === 'error');
  if (before !== null && !hasErrors) findings.push(...redundantWaits(launch, chip, gm, options, before, checker));
  return { findings, fault };
}

function redundantWaits(
  launch: KernelLaunch,
  chip: Chip,
  gm: Memory,
  options: SanitizeOptions,
  before: Uint8Array,
  checked: Checker,
): readonly SanitizeFinding[] {
  const after = gm.bytes.slice();
  const notes: SanitizeFinding[] = [];
  for (const [kind, waits] of checked.waits) {
    for (const pc of waits) {
      gm.bytes.set(before);
      const { checker } = check(launch, chip, gm, options, `${kind}:${pc}`);
      if (checker.findings.some((finding) => finding.severity === 'error')) continue;
      const core: CoreName = { kind: kind === 'cube' ? 'cube' : 'vector', index: 0 };
      notes.push({
        kind: 'redundant-wait',
        severity: 'note',
        core,
        pc,
        pipe: 'S',
        other: null,
        space: null,
        address: null,
        message: 'without this wait_flag everything would still be in order',
      });
    }
  }
  gm.bytes.set(after);
  return notes;
}
