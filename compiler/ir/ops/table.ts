/** The tensor ops: every `ms.*` op that networks are made of, one row each. */
import type { RuleTable } from '../core/definition.ts';
import { activationOps } from './activation.ts';
import { constantOps } from './constant.ts';
import { convOps } from './conv.ts';
import { effectOps } from './effect.ts';
import { binaryOps, comparisonOps, unaryOps } from './elementwise.ts';
import { indexingOps } from './indexing.ts';
import { matmulOps } from './matmul.ts';
import { normOps } from './norm.ts';
import { orderOps } from './order.ts';
import { poolOps } from './pool.ts';
import { randomOps } from './random.ts';
import { reduceOps } from './reduce.ts';
import { resizeOps } from './resize.ts';
import { shapeOps } from './shape.ts';
import { sortOps } from './sort.ts';
import { windowGradientOps } from './window-gradient.ts';

/** All rows by name. Other columns of the grid are records over its keys. */
export const tensorOps = {
  ...constantOps,
  ...unaryOps,
  ...activationOps,
  ...binaryOps,
  ...comparisonOps,
  ...matmulOps,
  ...convOps,
  ...poolOps,
  ...windowGradientOps,
  ...resizeOps,
  ...reduceOps,
  ...normOps,
  ...shapeOps,
  ...indexingOps,
  ...sortOps,
  ...randomOps,
  ...orderOps,
  ...effectOps,
};

/** The name of a tensor op; a column of the grid is `Record<TensorOpName, Cell | Absent>`. */
export type TensorOpName = keyof typeof tensorOps;

/** The rows as a table to look up. */
export const tensorOpTable: RuleTable = new Map(Object.entries(tensorOps));

export const isTensorOp = (name: string): name is TensorOpName => Object.hasOwn(tensorOps, name);
