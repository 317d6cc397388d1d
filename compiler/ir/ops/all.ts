/** Every operation that msc defines: tensor ops, functions, control flow, derivatives, scalars, communication. */
import type { RuleTable } from '../core/definition.ts';
import { arithOps } from './arith-scalar.ts';
import { collectiveOps } from './collective.ts';
import { differentiateOps } from './differentiate.ts';
import { funcOps } from './func.ts';
import { scfOps } from './scf.ts';
import { tensorOpTable } from './table.ts';

/** Functions, control flow, derivatives, scalars and communication: the ops that no tensor column of the grid needs. */
export const baseOpTable: RuleTable = new Map(
  Object.entries({ ...funcOps, ...scfOps, ...differentiateOps, ...arithOps, ...collectiveOps }),
);

/** All definitions by name: what parsing, verifying and passes take. */
export const opTable: RuleTable = new Map([...baseOpTable, ...tensorOpTable]);
