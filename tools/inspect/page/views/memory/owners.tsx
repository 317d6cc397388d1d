/** Who owns the memory at a step: by kind, by Cell, or one buffer after the other. */
import { useMemo, useState } from 'preact/hooks';
import { bufferKinds, holesAt, stepTitle } from '../../../report/index.ts';
import { Button, Choice, formatBytes, formatCount, formatPercent, List } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { selectCell } from '../../shell/state.ts';
import { ownerTree, unfolded, type Model, type OwnerNode, type Row } from './model.ts';

export interface OwnersProps {
  readonly model: Model;
  readonly step: number;
  readonly onStep: (step: number) => void;
  readonly isMatch: (row: Row) => boolean;
  readonly chosen: Row | null;
  readonly onChoose: (row: Row) => void;
}

type Grouping = 'kind' | 'cell' | 'buffer';

export function Owners({ model, step, onStep, isMatch, chosen, onChoose }: OwnersProps) {
  const [grouping, setGrouping] = useState<Grouping>('kind');
  const { device, curve, figures } = model;
  const live = useMemo(
    () => model.rows.filter((row) => row.first <= step && step <= row.last && isMatch(row)),
    [model, step, isMatch],
  );
  const total = curve.live[step];
  const holes = useMemo(() => holesAt(device, step), [device, step]);
  const isPeak = step === figures.peakStep;
  return (
    <div class="memory-owners">
      <header>
        <h2>{isPeak ? 'At the peak' : `At step ${step}`}</h2>
        <Choice
          label="Group owners"
          value={grouping}
          onChange={setGrouping}
          options={[
            { value: 'kind', title: 'kind' },
            { value: 'cell', title: 'cell' },
            { value: 'buffer', title: 'buffer' },
          ]}
        />
        {!isPeak && <Button onClick={() => onStep(figures.peakStep)}>Peak</Button>}
      </header>
      <p class="faint">
        step {step}, {stepTitle(device.steps[step])} <PlaceLink place={device.steps[step].place} />
        <br />
        {formatBytes(total)} live in {formatCount(live.length)} buffers,{' '}
        {holes.length === 0
          ? 'no holes'
          : `${formatBytes(curve.extent[step] - total)} in ${formatCount(holes.length)} holes`}
      </p>
      <div class="memory-owner-rows">
        {grouping === 'kind' && <Kinds live={live} total={total} />}
        {grouping === 'cell' && <Cells live={live} total={total} />}
        {grouping !== 'cell' && <Buffers live={live} total={total} chosen={chosen} onChoose={onChoose} />}
      </div>
    </div>
  );
}

interface LiveProps {
  readonly live: readonly Row[];
  readonly total: number;
}

const bytesOf = (rows: readonly Row[]): number => rows.reduce((sum, { buffer }) => sum + buffer.reservedBytes, 0);

function Kinds({ live, total }: LiveProps) {
  const rows = bufferKinds
    .map((kind) => ({ kind, own: live.filter(({ buffer }) => buffer.kind === kind) }))
    .filter(({ own }) => own.length > 0)
    .map(({ kind, own }) => ({ kind, count: own.length, bytes: bytesOf(own) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  return (
    <div class="memory-kinds" role="list" aria-label="Owners by kind">
      {rows.map(({ kind, count, bytes }) => (
        <div key={kind} role="listitem">
          <Share title={kind} count={count} bytes={bytes} total={total} />
        </div>
      ))}
    </div>
  );
}

function Cells({ live, total }: LiveProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const tree = useMemo(() => ownerTree(live), [live]);
  // What owns most is open at first.
  const isOpen = ({ path, bytes }: OwnerNode): boolean => toggled.has(path) !== bytes > tree.bytes / 2;
  const toggle = (path: string): void => {
    const next = new Set(toggled);
    if (!next.delete(path)) next.add(path);
    setToggled(next);
  };
  return (
    <List
      label="Owners by cell"
      rows={unfolded(tree, isOpen)}
      row={(node: OwnerNode) => (
        <div class="memory-cell" style={`padding-left:${node.depth * 12}px`}>
          <button
            type="button"
            class="fold"
            aria-label={isOpen(node) ? `Fold ${node.label}` : `Unfold ${node.label}`}
            disabled={node.children.length === 0}
            onClick={() => toggle(node.path)}
          >
            {node.children.length === 0 ? '' : isOpen(node) ? '▾' : '▸'}
          </button>
          <Share
            title={node.label}
            count={node.count}
            bytes={node.bytes}
            total={total}
            {...(node.path === '' ? {} : { onTitle: () => selectCell(node.path) })}
          />
        </div>
      )}
      onKey={({ key }, node) => {
        if (key !== 'ArrowRight' && key !== 'ArrowLeft' && key !== 'Enter') return false;
        if (key === 'Enter' || (key === 'ArrowRight') !== isOpen(node)) toggle(node.path);
        return true;
      }}
      empty="Nothing is live here"
    />
  );
}

function Buffers({
  live,
  total,
  chosen,
  onChoose,
}: LiveProps & { readonly chosen: Row | null; readonly onChoose: (row: Row) => void }) {
  const rows = useMemo(
    () => live.toSorted((one, other) => other.buffer.reservedBytes - one.buffer.reservedBytes),
    [live],
  );
  return (
    <List
      label="Owners one by one"
      rows={rows}
      isCurrent={(row) => row === chosen}
      onChoose={onChoose}
      row={({ title, buffer, cell }) => (
        <Share title={title} detail={cell} bytes={buffer.reservedBytes} total={total} />
      )}
      empty="Nothing is live here"
    />
  );
}

interface ShareProps {
  readonly title: string;
  readonly detail?: string;
  readonly count?: number;
  readonly bytes: number;
  readonly total: number;
  /** What a click on the title does. */
  readonly onTitle?: () => void;
}

/** A line with a bar behind it. */
function Share({ title, detail = '', count, bytes, total, onTitle }: ShareProps) {
  const share = total === 0 ? 0 : bytes / total;
  return (
    <span class="memory-share">
      <i style={`width:${share * 100}%`} />
      {onTitle === undefined ? (
        <span class="name" title={title}>
          {title} <small class="faint">{detail}</small>
        </span>
      ) : (
        <button type="button" class="name place-link" title={`Show only ${title}`} onClick={onTitle}>
          {title}
        </button>
      )}
      {count !== undefined && <small class="faint">{formatCount(count)}</small>}
      <span class="bytes">{formatBytes(bytes)}</span>
      <small class="percent faint">{formatPercent(share)}</small>
    </span>
  );
}
