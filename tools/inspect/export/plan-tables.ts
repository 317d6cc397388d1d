/** The plan section as tables for spreadsheets. */
import type {
  CollectiveRow,
  LostPlan,
  PlanFigures,
  PlanSection,
  ReportHead,
  Table,
  TensorRow,
} from '../report/index.ts';
import { cellOf, lineOf } from './places.ts';

export const planTables = (section: PlanSection, head: ReportHead): readonly Table[] => [
  plansTable(section),
  tensorTable('plan-tensors', section.tensors, head),
  collectiveTable('plan-collectives', section.collectives, head),
  stagesTable(section),
  {
    name: 'plan-mesh',
    columns: ['axis', 'size', 'stride', 'meaning', 'networks'],
    rows: section.mesh.map(({ name, size, stride, meaning, spans }) => [name, size, stride, meaning, spans]),
  },
  ...(section.carried === null
    ? []
    : [
        tensorTable('plan-carried-tensors', section.carried.tensors, head),
        collectiveTable('plan-carried-collectives', section.carried.collectives, head),
      ]),
];

/** The chosen plan and those that lost. */
function plansTable({ best, lost, terms, memoryTerms }: PlanSection): Table {
  const row = (plan: PlanFigures, verdict: LostPlan['verdict'] | 'chosen', reason: string): (string | number)[] => [
    ...[verdict, plan.text, plan.seconds, plan.bytes, reason],
    ...plan.choices.map(({ value }) => value),
    ...[plan.microBatches, ...plan.terms, ...plan.memory],
  ];
  return {
    name: 'plans',
    columns: [
      ...['verdict', 'plan', 'step seconds', 'bytes', 'reason'],
      ...best.choices.map(({ name }) => name),
      ...['micro-batches', ...terms.map((term) => `${term} s`), ...memoryTerms.map((term) => `${term} bytes`)],
    ],
    rows: [row(best, 'chosen', ''), ...lost.map((plan) => row(plan, plan.verdict, plan.reason))],
  };
}

export const tensorTable = (name: string, tensors: readonly TensorRow[], head: ReportHead): Table => ({
  name,
  columns: ['kind', 'name', 'equal layers', 'type', 'layout', 'bytes on a device', 'cell', 'line'],
  rows: tensors.map((row) => [
    ...[row.kind, row.name, row.count, row.type, `[${row.layout.map((axes) => axes || '.').join(', ')}]`, row.bytes],
    ...[cellOf(head, row.place), lineOf(head, row.place)],
  ]),
});

export const collectiveTable = (name: string, rows: readonly CollectiveRow[], head: ReportHead): Table => ({
  name,
  columns: [
    ...['operation', 'axis', 'devices', 'bytes', 'seconds', 'times', 'exposed share', 'seconds of the step', 'when'],
    ...['algorithm', 'why', 'cell', 'line'],
  ],
  rows: rows.map((row) => [
    ...[row.operation, row.axis, row.devices, row.bytes, row.seconds, row.count, row.exposed, row.stepSeconds],
    ...[row.sweep, row.algorithm, row.reason, cellOf(head, row.place), lineOf(head, row.place)],
  ]),
});

const stagesTable = ({ stages, blocks, memoryTerms }: PlanSection): Table => ({
  name: 'plan-stages',
  columns: [
    ...['first stage', 'last stage', 'holds', 'parameters', 'forward s', 'backward s', 'recomputed share', 'bytes'],
    ...memoryTerms.map((term) => `${term} bytes`),
  ],
  rows: stages.map((stage) => [
    ...[
      stage.first,
      stage.last,
      stage.blocks.map(({ block, count }) => `${count} x ${blocks[block]?.name}`).join(', '),
    ],
    ...[stage.parameters, stage.forward, stage.backward, stage.recompute, stage.bytes, ...stage.memory],
  ]),
});
