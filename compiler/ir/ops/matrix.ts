/** Small constant matrices, for decompositions that are linear maps (adaptive pooling, resizing). */
import type { Attribute } from '../core/attribute.ts';
import { denseAttribute, elementArray } from '../core/attribute.ts';
import type { DType } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { storeNumber } from './element.ts';

/** Rows of numbers as a dense attribute of rank 2. */
export function denseMatrix(rows: readonly (readonly number[])[], dtype: DType): Attribute {
  const columns = rows[0]?.length ?? 0;
  const data = elementArray(dtype, rows.length * columns);
  rows.forEach((row, index) =>
    row.forEach((value, column) => storeNumber(dtype, data, index * columns + column, value)),
  );
  return denseAttribute(tensorType([rows.length, columns], dtype), data);
}
