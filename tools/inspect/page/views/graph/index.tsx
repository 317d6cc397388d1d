/** The graph view: the network nested by Cell, folded and unfolded, coloured by cost, compared with another compilation. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { ancestors, costKinds, kindOf, labelOf, type NodeKind } from '../../../report/index.ts';
import {
  Button,
  Choice,
  formatCount,
  Loading,
  SearchField,
  Select,
  Split,
  Spring,
  Toggle,
  Toolbar,
} from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import type { SearchItem, View } from '../../shell/view.ts';
import { linkToAddress } from './address.ts';
import { Details } from './details.tsx';
import { useFilter } from './filter.ts';
import { keyHelp } from './keys.ts';
import { Legend } from './legend.tsx';
import { lookOf } from './look.ts';
import { pathOf } from './model.ts';
import { costTitles, noteOf } from './note.ts';
import { search } from './search.ts';
import { Side } from './side.tsx';
import { Stage } from './stage.tsx';
import { type Colouring, GraphStore, openTo, type Picture } from './store.ts';
import './graph.css';

export const graphView: View = {
  name: 'graph',
  title: 'Graph',
  isPresent: (report) => report.has('graph'),
  Component: GraphView,
  items: searchItems,
  keys: keyHelp,
};

const stores = new WeakMap<LoadedReport, Promise<GraphStore>>();

/** The state of the view lives as long as its report. */
function storeOf(report: LoadedReport): Promise<GraphStore> {
  const known = stores.get(report) ?? makeStore(report);
  stores.set(report, known);
  return known;
}

async function makeStore(report: LoadedReport): Promise<GraphStore> {
  const section = await report.section('graph');
  const store = new GraphStore(section, report.has('costs') ? await report.section('costs') : null);
  linkToAddress(store);
  return store;
}

/** Larger networks are found in the view's own search; the page's finds their groups. */
const MOST_ITEMS = 5000;

async function searchItems(report: LoadedReport): Promise<readonly SearchItem[]> {
  const store = await storeOf(report);
  const { tree, graph } = store.picture.model;
  const nodes = tree.nodeCount > MOST_ITEMS ? [] : [...tree.order];
  const groups = tree.groups.map((_, group) => tree.nodeCount + group).slice(1);
  return [...groups, ...nodes].map((item) => ({
    label: labelOf(tree, item),
    detail: pathOf(store.picture.model, item),
    kind: item < tree.nodeCount ? kindOf(graph, item) : 'group',
    open: () => store.show(item),
  }));
}

function GraphView({ report }: { readonly report: LoadedReport }) {
  const [store, setStore] = useState<GraphStore | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void storeOf(report).then((made) => {
      if (isCurrent) setStore(made);
    });
    return () => {
      isCurrent = false;
    };
  }, [report]);
  return store === null ? <Loading /> : <Open report={report} store={store} />;
}

function Open({ report, store }: { readonly report: LoadedReport; readonly store: GraphStore }) {
  const { picture } = store;
  const { model } = picture;
  const filter = useFilter(model);
  const colouring = store.colouring.value;
  const scene = picture.scene.value;
  const look = useMemo(() => lookOf(picture, colouring, scene), [picture, colouring, scene]);
  const note = useMemo(() => noteOf(picture, colouring, filter), [picture, colouring, filter]);
  const query = store.query.value;
  const found = useMemo(() => search(model, query), [model, query]);
  const marked = useMemo(() => new Set(found.items), [found]);
  store.matches = query === '' ? filter.nodes : found.items;
  const size = filter.nodes.length;
  return (
    <div class="graph-view">
      <GraphToolbar store={store} picture={picture} found={found.count} />
      <Split
        name="graph.side"
        direction="columns"
        initial={0.2}
        least={180}
        first={<Side store={store} picture={picture} found={found} note={note} />}
        second={
          <Split
            name="graph.details"
            direction="columns"
            initial={0.74}
            least={220}
            first={
              <div class="graph-stage">
                <Stage store={store} picture={picture} look={look} note={note} found={marked} />
                <Crumbs store={store} picture={picture} />
                <Legend look={look} colouring={colouring} />
                {size > 0 && (
                  <p class="graph-filter">
                    {formatCount(size)} op{size === 1 ? '' : 's'} from here{' '}
                    <Button onClick={() => store.step(1)} title="Unfolds the next one (n)">
                      Reveal next
                    </Button>
                  </p>
                )}
                <p class="graph-notice" role="status">
                  {store.notice.value}
                </p>
              </div>
            }
            second={<Details report={report} store={store} picture={picture} />}
          />
        }
      />
    </div>
  );
}

const depths = ['0', '1', '2', '3', 'all'] as const;

function GraphToolbar(props: { readonly store: GraphStore; readonly picture: Picture; readonly found: number }) {
  const { store, picture, found } = props;
  const { graphs } = store.section;
  const hidden = store.hidden.value;
  const unfold = (depth: (typeof depths)[number]): void => {
    const isAll = openTo(picture, depth === 'all' ? 100 : Number(depth), hidden);
    store.notice.value = isAll ? '' : 'Too much to draw at once: unfolded as far as it can be read';
    picture.camera.value = null;
  };
  return (
    <Toolbar label="Graph">
      {graphs.length > 1 && (
        <Choice
          label="Stage"
          value={String(store.stage.value)}
          options={graphs.map(({ stage }, index) => ({ value: String(index), title: stage }))}
          onChange={(value) => (store.stage.value = Number(value))}
        />
      )}
      <SearchField
        label="Search ops, Cells, types"
        value={store.query.value}
        onInput={(text) => (store.query.value = text)}
        onStep={(step) => store.step(step)}
        {...(store.query.value === '' ? {} : { count: formatCount(found) })}
      />
      <span class="faint">Unfold</span>
      {depths.map((depth) => (
        <Button key={depth} title={`Unfolds groups to depth ${depth}`} onClick={() => unfold(depth)}>
          {depth}
        </Button>
      ))}
      <Select<Colouring>
        label="Colour"
        value={store.colouring.value}
        options={[
          { value: 'kind', title: picture.difference === null ? 'Colour: kind' : 'Colour: change' },
          ...costKinds
            .filter((kind) => picture.costs[kind] !== null)
            .map((kind) => ({ value: kind, title: `Colour: ${costTitles[kind].toLowerCase()}` })),
        ]}
        onChange={(value) => (store.colouring.value = value)}
      />
      <HiddenToggle store={store} kind="parameter" title="Parameters" />
      <HiddenToggle store={store} kind="constant" title="Constants" />
      <Spring />
      {store.difference(store.stage.value) !== null && (
        <Toggle isOn={store.isComparing.value} onChange={(isOn) => (store.isComparing.value = isOn)}>
          Compare{store.section.comparison?.label === '' ? '' : ` with ${store.section.comparison?.label}`}
        </Toggle>
      )}
    </Toolbar>
  );
}

function HiddenToggle(props: { readonly store: GraphStore; readonly kind: NodeKind; readonly title: string }) {
  const { store, kind, title } = props;
  const hidden = store.hidden.value;
  return (
    <Toggle
      isOn={!hidden.has(kind)}
      onChange={(isOn) => {
        const next = new Set(hidden);
        if (isOn) next.delete(kind);
        else next.add(kind);
        store.hidden.value = next;
      }}
    >
      {title}
    </Toggle>
  );
}

/** Groups around what is chosen; a click goes there. */
function Crumbs({ store, picture }: { readonly store: GraphStore; readonly picture: Picture }) {
  const { tree } = picture.model;
  const chosen = picture.chosen.value;
  if (chosen === null) return null;
  return (
    <nav class="graph-crumbs" aria-label="Where the chosen box is">
      {[...ancestors(tree, chosen), chosen].map((item) => (
        <button
          key={item}
          type="button"
          onClick={() => {
            if (item === tree.nodeCount) picture.camera.value = null;
            else store.show(item);
          }}
        >
          {labelOf(tree, item)}
        </button>
      ))}
    </nav>
  );
}
