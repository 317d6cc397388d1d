/**
 * A core as a mixed-integer program in transport form: one column per strategy, whole; one column per allowed cell of a
 * table, whose row and column sums are the strategies; memory as one row per row of the limit.
 */
import type { ModelData } from 'highs';
import { placesOf, strategiesAt } from './core.ts';
import type { Core } from './core.ts';
import { FORBIDDEN } from './problem.ts';

export interface Program {
  readonly data: ModelData;
  /** Costs in the program are costs / scale. */
  readonly scale: number;
}

/** Rows of the program as they are written, compressed by row. */
class Rows {
  readonly starts: number[] = [];
  readonly indices: number[] = [];
  readonly values: number[] = [];
  readonly lower: number[] = [];
  readonly upper: number[] = [];

  add(lower: number, upper: number): void {
    this.starts.push(this.indices.length);
    this.lower.push(lower);
    this.upper.push(upper);
  }

  entry(column: number, value: number): void {
    this.indices.push(column);
    this.values.push(value);
  }
}

export function programOf(core: Core): Program {
  const scale = Math.max(1e-300, ...core.costs.filter((cost) => cost < FORBIDDEN)) / 1e3;
  const rows = new Rows();
  const costs = [...core.costs].map((cost) => cost / scale);
  for (let place = 0; place < placesOf(core); place++) {
    rows.add(1, 1);
    for (let column = core.starts[place]; column < core.starts[place + 1]; column++) rows.entry(column, 1);
  }
  for (const { first, second, table } of core.edges) {
    const width = strategiesAt(core, second);
    const columns = new Map<number, number>();
    table.forEach((cost, cell) => {
      if (cost >= FORBIDDEN) return;
      columns.set(cell, costs.length);
      costs.push(cost / scale);
    });
    for (let own = 0; own < strategiesAt(core, first); own++) {
      rows.add(0, 0);
      rows.entry(core.starts[first] + own, -1);
      for (let other = 0; other < width; other++) addCell(rows, columns.get(own * width + other));
    }
    for (let other = 0; other < width; other++) {
      rows.add(0, 0);
      rows.entry(core.starts[second] + other, -1);
      for (let own = 0; own < strategiesAt(core, first); own++) addCell(rows, columns.get(own * width + other));
    }
  }
  addMemoryRows(core, rows);
  const integrality = new Int32Array(costs.length).fill(1, 0, core.costs.length);
  const data: ModelData = {
    numCols: costs.length,
    numRows: rows.lower.length,
    colCost: costs,
    colLower: new Float64Array(costs.length),
    colUpper: new Float64Array(costs.length).fill(1),
    rowLower: rows.lower,
    rowUpper: rows.upper,
    matrix: {
      format: 'csr',
      numRows: rows.lower.length,
      numCols: costs.length,
      starts: [...rows.starts, rows.indices.length],
      indices: rows.indices,
      values: rows.values,
    },
    integrality,
  };
  return { data, scale };
}

function addCell(rows: Rows, column: number | undefined): void {
  if (column !== undefined) rows.entry(column, 1);
}

function addMemoryRows(core: Core, rows: Rows): void {
  for (let row = 0; row < core.limits.length; row++) {
    const held = new Map<number, number>();
    core.terms.forEach((terms, place) => {
      for (const { from, to, bytes } of terms) {
        if (row < from || row >= to) continue;
        bytes.forEach((value, own) => {
          const column = core.starts[place] + own;
          if (value > 0) held.set(column, (held.get(column) ?? 0) + value);
        });
      }
    });
    const unit = Math.max(core.limits[row], 1);
    rows.add(-Infinity, core.limits[row] / unit);
    for (const [column, value] of held) rows.entry(column, value / unit);
  }
}
