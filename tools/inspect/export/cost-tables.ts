/** The costs section as tables for spreadsheets. */
import type { Cost, CostSection, ReportHead, Table } from '../report/index.ts';
import { cellOf, lineOf } from './places.ts';

const figures = ['ops', 'flops', 'tensor bytes', 'parameters', 'parameter bytes', 'seconds', 'bytes'] as const;

const figuresOf = ({
  ops,
  flops,
  tensorBytes,
  parameters,
  parameterBytes,
  seconds,
  bytes,
}: Cost): readonly number[] => [...[ops, flops, tensorBytes, parameters, parameterBytes, seconds, bytes]];

/** Costs by line, by Cell (with the Cells in it), and by kind of operation. */
export const costTables = ({ places, cells, kinds }: CostSection, head: ReportHead): readonly Table[] => [
  {
    name: 'costs-places',
    columns: ['line', 'cell', ...figures],
    rows: places.map((cost) => [lineOf(head, cost.place), cellOf(head, cost.place), ...figuresOf(cost)]),
  },
  {
    name: 'costs-cells',
    columns: ['cell', 'class', ...figures],
    rows: cells.map(({ path, className, total }) => [path, className, ...figuresOf(total)]),
  },
  {
    name: 'costs-kinds',
    columns: ['operation', 'ops', 'flops', 'tensor bytes'],
    rows: kinds.map(({ name, ops, flops, tensorBytes }) => [name, ops, flops, tensorBytes]),
  },
];
