/** All plans: the winner, those that lost with their reasons, one of them side by side with it, and the mesh of devices. */
import type { LostPlan, PlanFigures, PlanSection } from '../../../report/index.ts';
import {
  Split,
  Table,
  formatAmount,
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  type Column,
} from '../../shell/components/index.ts';
import { hashParameter } from '../../shell/route.ts';
import { Legend, StackedBar } from './bar.tsx';
import { Comparison } from './comparison.tsx';
import { Mesh } from './mesh.tsx';
import { partsOf, shortTerm } from './terms.ts';

/** The plan to compare with, by its number among those that lost. */
const compared = hashParameter('lost', '0');

interface Row {
  readonly number: number;
  readonly plan: PlanFigures;
  readonly lost: LostPlan | null;
}

export function Plans({ section }: { readonly section: PlanSection }) {
  const { best, lost } = section;
  const other = lost[Number(compared.value)] ?? lost[0] ?? null;
  const rows: readonly Row[] = [
    { number: -1, plan: best, lost: null },
    ...lost.map((plan, number) => ({ number, plan, lost: plan })),
  ];
  const slowest = Math.max(...rows.map(({ plan }) => plan.seconds));
  return (
    <Split
      name="plan.plans"
      direction="rows"
      initial={0.5}
      first={
        <div class="plan-plans">
          <Question section={section} />
          <Table
            label="Plans"
            rows={rows}
            columns={columnsOf(section, slowest)}
            isCurrent={({ number }) => number === -1 || lost[number] === other}
            onChoose={({ number }) => {
              if (number >= 0) compared.value = String(number);
            }}
          />
        </div>
      }
      second={
        <Split
          name="plan.comparison"
          direction="columns"
          initial={0.56}
          first={<Comparison section={section} other={other} />}
          second={<Mesh section={section} />}
        />
      }
    />
  );
}

/** What was asked, and what the colours mean. */
function Question({ section }: { readonly section: PlanSection }) {
  const { question, terms, evaluated } = section;
  const fixed = question.fixed.map(({ name, value }) => `${name}=${value}`).join(', ');
  return (
    <header class="plan-question">
      <span>
        {question.network}: {formatAmount(question.parameters)} parameters, batch {formatCount(question.globalBatch)}
        {question.sequence === null ? '' : ` × ${formatCount(question.sequence)} tokens`}, {question.cluster},{' '}
        {formatCount(evaluated)} plans looked at
        {fixed === '' ? '' : `; stated: ${fixed}`}
      </span>
      <Legend names={terms} label={shortTerm} />
    </header>
  );
}

const columnsOf = ({ best, terms }: PlanSection, slowest: number): readonly Column<Row>[] => [
  {
    key: 'verdict',
    title: 'Verdict',
    width: '92px',
    value: ({ lost }) => verdicts.indexOf(lost?.verdict ?? 'chosen'),
    cell: ({ lost }) => <span class={`plan-verdict is-${verdictClass(lost)}`}>{lost?.verdict ?? 'chosen'}</span>,
  },
  {
    key: 'plan',
    title: 'Plan',
    width: 'minmax(190px, 1.2fr)',
    hint: 'Data, tensor (mp), pipeline and context parallelism, chunks of a stage (v), micro-batch (mb), ZeRO, sequence parallelism, recomputation',
    value: ({ plan }) => compactPlan(plan),
    cell: ({ plan }) => (
      <span class="code" title={plan.text}>
        {compactPlan(plan)}
      </span>
    ),
  },
  {
    key: 'step',
    title: 'Step',
    width: '78px',
    align: 'end',
    value: ({ plan }) => plan.seconds,
    cell: ({ plan }) => formatSeconds(plan.seconds),
  },
  {
    key: 'longer',
    title: 'vs chosen',
    width: '94px',
    align: 'end',
    hint: 'How much longer than the chosen plan',
    value: ({ plan }) => plan.seconds / best.seconds - 1,
    cell: ({ plan, lost }) => (lost === null ? '' : signed(plan.seconds / best.seconds - 1)),
  },
  {
    key: 'memory',
    title: 'Memory',
    width: '84px',
    align: 'end',
    value: ({ plan }) => plan.bytes,
    cell: ({ plan, lost }) => (
      <span class={(lost?.over ?? 0) > 0 ? 'plan-over' : undefined}>{formatBytes(plan.bytes)}</span>
    ),
  },
  {
    key: 'terms',
    title: 'Where the step goes',
    width: 'minmax(150px, 1.2fr)',
    cell: ({ plan }) => (
      <StackedBar
        parts={partsOf(terms, plan.terms)}
        scale={slowest}
        text={({ name, value }) => `${name}: ${formatSeconds(value)} (${formatPercent(value / plan.seconds)})`}
      />
    ),
  },
  {
    key: 'reason',
    title: 'Why it lost',
    width: 'minmax(200px, 2fr)',
    cell: ({ lost }) => <span title={lost?.reason}>{lost?.reason ?? ''}</span>,
  },
];

const verdicts = ['chosen', 'slower', 'does not fit', 'contradicts'];
const verdictClass = (lost: LostPlan | null): string =>
  lost === null ? 'good' : lost.verdict === 'slower' ? 'plain' : 'bad';

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${formatPercent(Math.abs(share))}`;

/** Abbreviations of choices, and the values at which they do nothing. */
const abbreviations: readonly (readonly [choice: string, short: string, idle: number | null])[] = [
  ['data', 'dp', null],
  ['tensor', 'mp', null],
  ['pipeline', 'pp', null],
  ['context', 'cp', 1],
  ['expert', 'ep', 1],
  ['virtual', 'v', 1],
  ['micro-batch', 'mb', null],
  ['zero', 'zero', 0],
  ['sequence-parallel', 'sp', 0],
  ['recompute', 're', 0],
];

/** `dp16 mp1 pp16 cp4 v5 mb1 zero1`. */
function compactPlan({ choices }: PlanFigures): string {
  return abbreviations
    .flatMap(([choice, short, idle]) => {
      const value = choices.find(({ name }) => name === choice)?.value;
      return value === undefined || value === idle ? [] : [`${short}${value}${choice === 'recompute' ? '%' : ''}`];
    })
    .join(' ');
}
