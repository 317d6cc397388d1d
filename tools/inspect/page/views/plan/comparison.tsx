/** The chosen plan beside one that lost: choices, terms of the step, memory. */
import type { LostPlan, PlanSection } from '../../../report/index.ts';
import { Empty, formatBytes, formatSeconds } from '../../shell/components/index.ts';
import { termColour } from './terms.ts';

export interface ComparisonProps {
  readonly section: PlanSection;
  readonly other: LostPlan | null;
}

export function Comparison({ section, other }: ComparisonProps) {
  if (other === null) return <Empty>No other plan was possible</Empty>;
  const { best, terms, memoryTerms, layers, proof } = section;
  return (
    <div class="plan-comparison" data-part="comparison">
      <h2>Why not {other.text}?</h2>
      <p>{capitalized(other.reason)}.</p>
      <p class="plan-chips">
        {other.differences.map(({ name, value, best: its }) => (
          <span key={name}>
            {name} <s>{its}</s> → <b>{value}</b>
          </span>
        ))}
      </p>
      <Differences
        title="Step"
        names={terms}
        best={best.terms}
        other={other.terms}
        totals={[best.seconds, other.seconds]}
        format={formatSeconds}
      />
      <Differences
        title="Memory of the fullest stage"
        names={memoryTerms}
        best={best.memory}
        other={other.memory}
        totals={[best.bytes, other.bytes]}
        format={formatBytes}
      />
      {layers.length > 0 && <Layers section={section} />}
      <h3>Proof</h3>
      {proof.map((line) => (
        <p key={line} class="plan-proof">
          {line}
        </p>
      ))}
    </div>
  );
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface DifferencesProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly best: readonly number[];
  readonly other: readonly number[];
  readonly totals: readonly [number, number];
  readonly format: (value: number) => string;
}

function Differences({ title, names, best, other, totals, format }: DifferencesProps) {
  const rows = names
    .map((name, at) => ({ name, best: best[at] ?? 0, other: other[at] ?? 0 }))
    .filter((row) => row.best > 0 || row.other > 0);
  const most = Math.max(...rows.map((row) => Math.abs(row.other - row.best)), 0);
  return (
    <table class="plan-differences">
      <thead>
        <tr>
          <th>{title}</th>
          <th>chosen</th>
          <th>this</th>
          <th>difference</th>
          <th aria-hidden="true" />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>
              <i class="plan-dot" style={`--colour:var(--${termColour(row.name)})`} />
              {row.name}
            </td>
            <td>{format(row.best)}</td>
            <td>{format(row.other)}</td>
            <td>{difference(row.other - row.best, format)}</td>
            <td>
              <Deviation share={most === 0 ? 0 : (row.other - row.best) / most} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>together</td>
          <td>{format(totals[0])}</td>
          <td>{format(totals[1])}</td>
          <td>{difference(totals[1] - totals[0], format)}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

const difference = (value: number, format: (value: number) => string): string =>
  Math.abs(value) < 1e-12 ? '' : `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`;

/** A bar to the right for more, to the left for less. */
function Deviation({ share }: { readonly share: number }) {
  const width = Math.abs(share) * 50;
  return (
    <span class="plan-deviation">
      <i class={share > 0 ? 'is-more' : 'is-less'} style={`left:${share > 0 ? 50 : 50 - width}%;width:${width}%`} />
    </span>
  );
}

/** How each kind of layer is divided inside a group of tensor parallelism. */
function Layers({ section: { layers } }: { readonly section: PlanSection }) {
  return (
    <table class="plan-differences">
      <thead>
        <tr>
          <th>Inside the layers</th>
          <th title="Columns, then rows of the weights">walk</th>
          <th title="Each reader of a value pays for its own resharding">exact plan</th>
          <th>used</th>
          <th>search</th>
        </tr>
      </thead>
      <tbody>
        {layers.map(({ name, used, walkSeconds, exactSeconds, status, boundSeconds }) => (
          <tr key={name}>
            <td>{name}</td>
            <td>{formatSeconds(walkSeconds)}</td>
            <td>{exactSeconds === null ? 'leaves attention whole' : formatSeconds(exactSeconds)}</td>
            <td>{used}</td>
            <td>
              {status}, bound {formatSeconds(boundSeconds)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
