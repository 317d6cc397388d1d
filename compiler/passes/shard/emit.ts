/** How one operation is emitted: with its regions, by a rule of its own, or simply on slices. */
import type { Operation } from '../../ir/index.ts';
import { LOCAL_RULES } from './local-rules.ts';
import type { RankBuilder } from './rank-builder.ts';
import { buildRegions } from './regions.ts';

/** Computes one operation on one rank, for one micro-batch or once for all. */
export function emitOperation(builder: RankBuilder, op: Operation, instance: number): void {
  builder.at(op.location);
  if (op.regions.length > 0) buildRegions(builder, op, instance, emitOperation);
  else if (!LOCAL_RULES[op.name]?.(builder, op, instance)) builder.emitSlices(op, instance);
}
