/** Everything about the chosen buffer, and what else uses its place. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { neighbours, stepTitle, type MemoryTenant } from '../../../report/index.ts';
import { Button, formatBytes, formatCount, formatSeconds } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { selectCell } from '../../shell/state.ts';
import type { Model, Row } from './model.ts';

export interface DetailsProps {
  readonly model: Model;
  readonly row: Row;
  readonly onChoose: (row: Row | null) => void;
  readonly onStep: (step: number) => void;
}

/** Steps and neighbours that are listed at most. */
const LISTED = 40;

export function Details({ model, row, onChoose, onStep }: DetailsProps) {
  const { buffer, title, cell, first, last } = row;
  const shared = useMemo(() => {
    const found = new Set(neighbours(model.device.buffers, buffer));
    return model.rows.filter((other) => found.has(other.buffer)).toSorted((one, other) => one.first - other.first);
  }, [model, buffer]);
  return (
    <div class="memory-details">
      <header>
        <h2 title={title}>{title}</h2>
        <Button onClick={() => onChoose(null)} title="Back to the owners">
          Close
        </Button>
      </header>
      <dl>
        <Fact name="kind">{buffer.kind}</Fact>
        {buffer.type !== '' && (
          <Fact name="type">
            <code>{buffer.type}</code>
          </Fact>
        )}
        <Fact name="address">
          <code>0x{buffer.address.toString(16)}</code> to{' '}
          <code>0x{(buffer.address + buffer.reservedBytes).toString(16)}</code>
        </Fact>
        <Fact name="bytes">
          {formatBytes(buffer.reservedBytes)} ({formatCount(buffer.bytes)} stored, {formatCount(buffer.elementBytes)} of
          elements)
        </Fact>
        <Fact name="life">
          <Life row={row} model={model} first={first} last={last} onStep={onStep} />
        </Fact>
        {cell !== '' && (
          <Fact name="cell">
            <button type="button" class="place-link" onClick={() => selectCell(cell)}>
              {cell}
            </button>
          </Fact>
        )}
        <Fact name="line">
          <PlaceLink place={buffer.place} />
        </Fact>
        <Uses tenant={buffer} model={model} onStep={onStep} />
      </dl>
      {buffer.tenants.length > 0 && <h3>Made one with it (in place)</h3>}
      {buffer.tenants.map((tenant, number) => (
        <dl key={number} class="tenant">
          <Fact name={tenant.kind}>
            {tenant.name} <code>{tenant.type}</code> <PlaceLink place={tenant.place} />
          </Fact>
          <Uses tenant={tenant} model={model} onStep={onStep} />
        </dl>
      ))}
      <h3>
        {shared.length === 0 ? 'No other buffer uses this place' : `At other times here: ${formatCount(shared.length)}`}
      </h3>
      <ul>
        {shared.slice(0, LISTED).map((other) => (
          <li key={other.number}>
            <button type="button" class="place-link" onClick={() => onChoose(other)}>
              {other.title}
            </button>{' '}
            <span class="faint">
              {formatBytes(other.buffer.reservedBytes)}, steps {other.first} to {other.last}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface LifeProps {
  readonly row: Row;
  readonly model: Model;
  readonly first: number;
  readonly last: number;
  readonly onStep: (step: number) => void;
}

function Life({ row, model: { times }, first, last, onStep }: LifeProps) {
  if (row.buffer.live === null) return <>kept for good</>;
  const span = times === null ? null : ((times[last + 1] ?? 0) - (times[first] ?? 0)) * 1e-6;
  return (
    <>
      steps <StepLink step={first} onStep={onStep} /> to <StepLink step={last} onStep={onStep} />
      {span !== null && `, ${formatSeconds(span)}`}
    </>
  );
}

function StepLink({ step, onStep }: { readonly step: number; readonly onStep: (step: number) => void }) {
  return (
    <button type="button" class="place-link" onClick={() => onStep(step)}>
      {step}
    </button>
  );
}

interface UsesProps {
  readonly tenant: MemoryTenant;
  readonly model: Model;
  readonly onStep: (step: number) => void;
}

function Uses({ tenant, model, onStep }: UsesProps) {
  return (
    <>
      <Steps name="written by" steps={tenant.writes} model={model} onStep={onStep} />
      <Steps name="read by" steps={tenant.reads} model={model} onStep={onStep} />
    </>
  );
}

function Steps({
  name,
  steps,
  model,
  onStep,
}: {
  readonly name: string;
  readonly steps: readonly number[];
  readonly model: Model;
  readonly onStep: (step: number) => void;
}) {
  if (steps.length === 0) return null;
  return (
    <Fact name={name}>
      {steps.slice(0, LISTED).map((step) => (
        <span key={step} class="step">
          <StepLink step={step} onStep={onStep} /> {stepTitle(model.device.steps[step])}
        </span>
      ))}
      {steps.length > LISTED && <span class="faint">and {formatCount(steps.length - LISTED)} more</span>}
    </Fact>
  );
}
