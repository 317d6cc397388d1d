/** What values the arguments of an op's regions stand for. */
import type { Operation, Value } from '../../../../compiler/ir/index.ts';
import { CONTROL, carriedCount } from '../../../../compiler/passes/control/index.ts';
import { FUSED } from '../../../../compiler/passes/fuse/index.ts';

/** Ops that are nothing but their region: values pass through them. */
const transparent: ReadonlySet<string> = new Set([FUSED, 'ms.recompute']);

export const isTransparent = (op: Operation): boolean => transparent.has(op.name);

/** Ops whose arguments change from turn to turn, so that they are nodes of their own. */
const loops: ReadonlySet<string> = new Set(['scf.for', 'scf.while', CONTROL.for, CONTROL.while]);

export const isLoop = (op: Operation): boolean => loops.has(op.name);

/** What the first region of a while passes on to the second one. */
const passedOn = (op: Operation): readonly Value[] => op.regions[0]?.operations.at(-1)?.operands.slice(1) ?? [];

type Inputs = (op: Operation, region: number) => readonly Value[];

const byName: Readonly<Record<string, Inputs>> = {
  'scf.for': (op) => op.operands.slice(3),
  'scf.while': (op, region) => (region === 0 ? op.operands : passedOn(op)),
  [CONTROL.if]: (op) => op.operands.slice(1),
  [CONTROL.while]: (op, region) =>
    region === 0 ? op.operands : [...passedOn(op), ...op.operands.slice(carriedCount(op))],
  'ms.vjp': (op, region) => op.operands.slice(0, op.regions[region].arguments.length),
};

/** The value that each argument of a region starts with; null for a counter. Values belong to the last arguments. */
export function regionInputs(op: Operation, region: number): readonly (Value | null)[] {
  const values = (byName[op.name] ?? ((any) => any.operands))(op, region);
  const count = op.regions[region].arguments.length;
  return Array.from({ length: count }, (_, index) => values[values.length - count + index] ?? null);
}
