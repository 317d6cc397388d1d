/** Beside the picture: the tree, what a search found, or what differs between two compilations. */
import { useMemo } from 'preact/hooks';
import { type GraphDifference, groupOf, kindOf, labelOf, nodeChanges } from '../../../report/index.ts';
import { formatCount, List } from '../../shell/components/index.ts';
import { changeColours } from './look.ts';
import { aroundOf, childrenOf } from './model.ts';
import type { Note } from './note.ts';
import type { Found } from './search.ts';
import { type GraphStore, type Picture, toggle } from './store.ts';

export interface SideProps {
  readonly store: GraphStore;
  readonly picture: Picture;
  readonly found: Found;
  readonly note: Note;
}

export function Side(props: SideProps) {
  const { store, picture, found } = props;
  const isSearching = store.query.value !== '';
  const { difference } = picture;
  return (
    <div class="graph-side">
      {difference !== null && !isSearching && (
        <div class="graph-tabs">
          <button
            type="button"
            aria-pressed={store.panel.value === 'differences'}
            onClick={() => (store.panel.value = 'differences')}
          >
            Differences <small>{formatCount(difference.reasons.length + moved(difference))}</small>
          </button>
          <button
            type="button"
            aria-pressed={store.panel.value === 'outline'}
            onClick={() => (store.panel.value = 'outline')}
          >
            Outline
          </button>
        </div>
      )}
      {isSearching ? (
        <Results {...props} found={found} />
      ) : difference !== null && store.panel.value === 'differences' ? (
        <Differences store={store} picture={picture} difference={difference} />
      ) : (
        <Outline {...props} />
      )}
    </div>
  );
}

const moved = ({ change }: GraphDifference): number =>
  change.filter((kind) => nodeChanges[kind] === 'added' || nodeChanges[kind] === 'removed').length;

interface Row {
  readonly item: number;
  readonly depth: number;
}

function Outline({ store, picture, note }: SideProps) {
  const { model } = picture;
  const open = picture.open.value;
  const hidden = store.hidden.value;
  const rows = useMemo(() => {
    const found: Row[] = [];
    const visit = (item: number, depth: number): void => {
      for (const child of childrenOf(model, item, hidden)) {
        found.push({ item: child, depth });
        if (open.has(child)) visit(child, depth + 1);
      }
    };
    visit(model.tree.nodeCount, 0);
    return found;
  }, [model, open, hidden]);
  const fold = (item: number): void => {
    store.anchor = item;
    toggle(picture, item);
  };
  return (
    <List<Row>
      label="Outline of the graph"
      rows={rows}
      isCurrent={({ item }) => item === picture.chosen.value}
      onChoose={({ item }) => store.show(item)}
      onKey={({ key }, { item }) => {
        const isFolding = (key === 'ArrowRight' && !open.has(item)) || (key === 'ArrowLeft' && open.has(item));
        if (isFolding) fold(item);
        return isFolding;
      }}
      row={({ item, depth }) => {
        const group = groupOf(model.tree, item);
        return (
          <span class="graph-row" style={`padding-left:${4 + depth * 14}px`} data-item={labelOf(model.tree, item)}>
            {group === null ? (
              <i class={`graph-kind is-${kindOf(model.graph, item)}`} />
            ) : (
              <button
                type="button"
                tabIndex={-1}
                class="graph-fold"
                aria-label={`${open.has(item) ? 'Fold' : 'Unfold'} ${labelOf(model.tree, item)}`}
                onClick={(event) => {
                  event.stopPropagation();
                  fold(item);
                }}
              >
                {open.has(item) ? '▾' : '▸'}
              </button>
            )}
            <b>{labelOf(model.tree, item)}</b>
            {group !== null && <span class="faint">{group.kind === 'fused' ? 'kernel' : group.title}</span>}
            <small>{note(item) === '' && group !== null ? formatCount(group.ops) : note(item)}</small>
          </span>
        );
      }}
    />
  );
}

function Results({ store, picture, found }: SideProps) {
  const { model } = picture;
  return (
    <>
      <p class="graph-count-line faint" role="status">
        {formatCount(found.count)} found
        {found.count > found.items.length ? `, the first ${formatCount(found.items.length)} shown` : ''}
      </p>
      <List
        label="Search results"
        rows={found.items}
        isCurrent={(item) => item === picture.chosen.value}
        onChoose={(item) => store.show(item)}
        empty="No op or group has all of these words"
        row={(item) => (
          <span class="graph-row">
            <i class={`graph-kind is-${groupOf(model.tree, item) === null ? kindOf(model.graph, item) : 'group'}`} />
            <b>{labelOf(model.tree, item)}</b>
            <span class="faint">{aroundOf(model, item)}</span>
          </span>
        )}
      />
    </>
  );
}

function Differences(props: {
  readonly store: GraphStore;
  readonly picture: Picture;
  readonly difference: GraphDifference;
}) {
  const { store, picture, difference } = props;
  const { model } = picture;
  const nodes = useMemo(
    () => [...model.tree.order].filter((node) => nodeChanges[difference.change[node] ?? 0] !== 'same'),
    [model, difference],
  );
  const reasons = useMemo(() => new Map(difference.reasons.map(({ node, texts }) => [node, texts])), [difference]);
  return (
    <List
      label="Differences"
      rows={nodes}
      rowHeight={38}
      isCurrent={(item) => item === picture.chosen.value}
      onChoose={(item) => store.show(item)}
      empty="Both compilations made the same ops"
      row={(node) => {
        const change = nodeChanges[difference.change[node] ?? 0] ?? 'same';
        return (
          <span class="graph-difference" data-change={change}>
            <span class="graph-row">
              <i style={change === 'same' ? '' : `background:var(--${changeColours[change]})`} />
              <b>{labelOf(model.tree, node)}</b>
              <span class="faint">{aroundOf(model, node)}</span>
              <small>{change}</small>
            </span>
            <span class="graph-reason code faint">{reasons.get(node)?.join('; ') ?? ''}</span>
          </span>
        );
      }}
    />
  );
}
