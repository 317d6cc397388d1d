/** Bytes of a device of each stage by what owns them, against the limit; and of each rank where the plan was carried out. */
import type { PlanSection, StageRow } from '../../../report/index.ts';
import {
  Empty,
  Spring,
  Table,
  Toolbar,
  formatBytes,
  formatPercent,
  type Column,
} from '../../shell/components/index.ts';
import { Legend, StackedBar } from './bar.tsx';
import { partsOf } from './terms.ts';

export function Memory({ section }: { readonly section: PlanSection }) {
  const { stages, question, memoryTerms, carried, best } = section;
  const most = Math.max(1, ...stages.map(({ bytes }) => bytes));
  // A small network against a large device: its owners are seen, the limit is out of sight.
  const isFarBelow = most < question.memoryLimit / 20;
  const scale = (isFarBelow ? most : Math.max(question.memoryLimit, most)) * 1.04;
  return (
    <div class="plan-panel">
      <Toolbar label="Memory">
        <Legend names={memoryTerms} label={(name) => name} />
        <Spring />
        <span class="faint">
          stage {best.fullest} is fullest: {formatBytes(best.bytes)} of {formatBytes(question.memoryLimit)} that a plan
          may use; a device has {formatBytes(question.deviceMemory)}
        </span>
      </Toolbar>
      {stages.length === 0 ? (
        <Empty>No stages</Empty>
      ) : (
        <Table label="Memory of stages" rows={stages} columns={columnsOf(section, scale)} />
      )}
      {carried !== null && <Carried bytes={carried.memory} />}
    </div>
  );
}

/** What programs of the ranks take by the prediction of the compiler, beside the model. */
function Carried({ bytes }: { readonly bytes: readonly number[] }) {
  const most = Math.max(1, ...bytes);
  return (
    <div class="plan-carried">
      <h3>Carried out on the traced network</h3>
      {bytes.map((each, rank) => (
        <div key={rank}>
          <span>rank {rank}</span>
          <StackedBar parts={[{ name: 'weights', value: each }]} scale={most} text={() => formatBytes(each)} />
          <span class="at-end">{formatBytes(each)}</span>
        </div>
      ))}
    </div>
  );
}

const columnsOf = ({ memoryTerms, question }: PlanSection, scale: number): readonly Column<StageRow>[] => [
  {
    key: 'stage',
    title: 'Stages',
    width: '70px',
    value: ({ first }) => first,
    cell: ({ first, last }) => (first === last ? first : `${first}–${last}`),
  },
  {
    key: 'bar',
    title: 'Against the limit',
    width: 'minmax(200px, 4fr)',
    hint: 'The line is what a plan may use of a device; it is out of sight where stages are far below it',
    cell: ({ memory }) => (
      <StackedBar
        parts={partsOf(memoryTerms, memory)}
        scale={scale}
        limit={question.memoryLimit}
        text={({ name, value }) => `${name}: ${formatBytes(value)}`}
      />
    ),
  },
  {
    key: 'bytes',
    title: 'Together',
    width: '88px',
    align: 'end',
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => (
      <span class={bytes > question.memoryLimit ? 'plan-over' : undefined}>{formatBytes(bytes)}</span>
    ),
  },
  {
    key: 'share',
    title: 'Of limit',
    width: '72px',
    align: 'end',
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => formatPercent(bytes / question.memoryLimit),
  },
  ...memoryTerms.map((name, at): Column<StageRow> => ({
    key: name,
    title: name.charAt(0).toUpperCase() + name.slice(1),
    width: '104px',
    align: 'end',
    value: ({ memory }) => memory[at] ?? 0,
    cell: ({ memory }) => formatBytes(memory[at] ?? 0),
  })),
];
