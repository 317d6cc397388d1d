/** The kernels section as a table for spreadsheets. */
import type { KernelSection, ReportHead, Table } from '../report/index.ts';
import { cellOf, lineOf } from './places.ts';

/** Every launch in the order in which they run. */
export const kernelTables = ({ launches, kernels }: KernelSection, head: ReportHead): readonly Table[] => [
  {
    name: 'launches',
    columns: ['kernel', 'blocks', 'start us', 'us', 'cycles', 'hbm bytes', 'l2 bytes', 'bound', 'cell', 'line'],
    rows: launches.map((launch) => [
      ...[kernels[launch.kernel]?.name ?? '', launch.blocks, launch.start, launch.microseconds, launch.cycles],
      ...[launch.hbmBytes, launch.l2Bytes, launch.bound],
      ...[cellOf(head, launch.place), lineOf(head, launch.place)],
    ]),
  },
];
