/** Everything about the chosen op or group. */
import type { ComponentChildren } from 'preact';
import {
  costKinds,
  groupOf,
  kindOf,
  labelOf,
  nodeChanges,
  nodesIn,
  shortType,
  type TreeGroup,
} from '../../../report/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { Button, formatCount, formatPercent } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { placeLabel, selectCell, selectPlaces } from '../../shell/state.ts';
import { fullName } from './look.ts';
import { cellPathOf, pathOf, usersOfNode } from './model.ts';
import { costText, costTitles } from './note.ts';
import { type GraphStore, type Picture, placesOf, toggle } from './store.ts';

export interface DetailsProps {
  readonly report: LoadedReport;
  readonly store: GraphStore;
  readonly picture: Picture;
}

export function Details({ report, store, picture }: DetailsProps) {
  const item = picture.chosen.value;
  if (item === null) return <p class="ui-empty">Choose an op or a group to see what it is.</p>;
  const group = groupOf(picture.model.tree, item);
  const rest = { report, store, picture, item };
  return (
    <aside class="graph-details" aria-label="Details">
      <h2>{group === null ? fullName(picture.model, item) : labelOf(picture.model.tree, item)}</h2>
      {group === null ? <NodeDetails {...rest} /> : <GroupDetails {...rest} group={group} />}
    </aside>
  );
}

interface ItemProps extends DetailsProps {
  readonly item: number;
}

/** Long lists of users are cut. */
const MOST_LISTED = 40;

function NodeDetails({ report, store, picture, item }: ItemProps) {
  const { model } = picture;
  const { nodes, strings } = model.graph;
  const place = nodes.place[item] ?? 0;
  const where = report.head.places[place];
  const launches = store.section.launches.filter((launch) => launch.place === place && place !== 0);
  const attributes = (strings[nodes.attributes[item] ?? 0] ?? '').split('\n').filter((line) => line !== '');
  const reasons = picture.difference?.reasons.find(({ node }) => node === item)?.texts ?? [];
  const operands = Array.from(
    { length: (nodes.operandStart[item + 1] ?? 0) - (nodes.operandStart[item] ?? 0) },
    (_, index) => (nodes.operandStart[item] ?? 0) + index,
  );
  const results = nodes.resultType.slice(nodes.resultStart[item], nodes.resultStart[item + 1]);
  const users = [...new Set(usersOfNode(model, item))];
  return (
    <>
      <Facts>
        <Fact name="Kind">{kindOf(model.graph, item)}</Fact>
        {picture.difference !== null && (
          <Fact name="Compared">{nodeChanges[picture.difference.change[item] ?? 0]}</Fact>
        )}
        <Fact name="In">
          <CellButton path={where?.cell ?? ''} title={where?.cellClass ?? ''} fallback={pathOf(model, item)} />
        </Fact>
        {placeLabel(place) !== '' && (
          <Fact name="Line">
            <PlaceLink place={place} />
          </Fact>
        )}
        <Costs picture={picture} item={item} />
      </Facts>
      <FilterButton picture={picture} item={item} />
      <Part title="Changed" isShown={reasons.length > 0}>
        {reasons.map((text) => (
          <li key={text} class="code">
            {text}
          </li>
        ))}
      </Part>
      <Part title="Attributes" isShown={attributes.length > 0}>
        {attributes.map((line) => (
          <li key={line} class="code">
            {line}
          </li>
        ))}
      </Part>
      <Part title="Operands" isShown={operands.length > 0}>
        {operands.map((at) => {
          const producer = nodes.producer[at] ?? 0;
          const type = strings[nodes.resultType[(nodes.resultStart[producer] ?? 0) + (nodes.slot[at] ?? 0)] ?? 0] ?? '';
          return (
            <li key={at}>
              <ItemLink store={store} picture={picture} item={producer} /> <code class="faint">{shortType(type)}</code>
            </li>
          );
        })}
      </Part>
      <Part title="Results" isShown={results.length > 0}>
        {results.map((type, index) => (
          <li key={index} class="code">
            {shortType(strings[type] ?? '')}
          </li>
        ))}
      </Part>
      <Part title={`Used by ${formatCount(users.length)}`} isShown={users.length > 0}>
        {users.slice(0, MOST_LISTED).map((user) => (
          <li key={user}>
            <ItemLink store={store} picture={picture} item={user} />
          </li>
        ))}
      </Part>
      <Part title="Launches of this line and Cell" isShown={launches.length > 0}>
        {launches.map(({ kernel }) => (
          <li key={kernel} class="code">
            {kernel}
          </li>
        ))}
      </Part>
    </>
  );
}

function GroupDetails({ store, picture, item, group }: ItemProps & { readonly group: TreeGroup }) {
  const { model } = picture;
  return (
    <>
      <Facts>
        <Fact name="Path">{pathOf(model, item)}</Fact>
        {group.title !== '' && <Fact name={group.kind === 'cell' ? 'Class' : 'Ops'}>{group.title}</Fact>}
        <Fact name="Ops">{formatCount(group.ops)}</Fact>
        {group.alike > 1 && <Fact name="Alike">{group.alike} groups beside it have the same ops</Fact>}
        {placeLabel(group.place) !== '' && (
          <Fact name="Line">
            <PlaceLink place={group.place} />
          </Fact>
        )}
        <Costs picture={picture} item={item} />
      </Facts>
      <p class="graph-buttons">
        <Button
          onClick={() => {
            store.anchor = item;
            toggle(picture, item);
          }}
        >
          {picture.open.value.has(item) ? 'Fold' : 'Unfold'}
        </Button>
        <FilterButton picture={picture} item={item} />
      </p>
      <Part title="Ops by kind" isShown>
        {kindsIn(picture, item).map(([name, count]) => (
          <li key={name} class="graph-count">
            <span>{name.replace(/^ms\./, '')}</span>
            <span>{formatCount(count)}</span>
          </li>
        ))}
      </Part>
    </>
  );
}

function kindsIn({ model: { tree, graph } }: Picture, item: number): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const node of nodesIn(tree, item)) {
    if (kindOf(graph, node) !== 'op') continue;
    const name = graph.strings[graph.nodes.name[node] ?? 0] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1));
}

function Costs({ picture, item }: { readonly picture: Picture; readonly item: number }) {
  return (
    <>
      {costKinds.map((kind) => {
        const total = picture.total[kind];
        if (total === null || total(item) === 0) return null;
        return (
          <Fact key={kind} name={costTitles[kind]}>
            {costText(kind, total(item))}{' '}
            <span class="faint">{formatPercent(total(item) / total(picture.model.tree.nodeCount))}</span>
          </Fact>
        );
      })}
    </>
  );
}

/** Shows in all views only what came from an item. */
function FilterButton({ picture, item }: { readonly picture: Picture; readonly item: number }) {
  const { model } = picture;
  const places = placesOf(model, item);
  if (places.length === 0) return null;
  const cell = cellPathOf(model, item);
  return (
    <Button
      title="Shows in all views only what came from here"
      onClick={() => (cell === null ? selectPlaces(places, pathOf(model, item)) : selectCell(cell))}
    >
      Filter all views
    </Button>
  );
}

function CellButton(props: { readonly path: string; readonly title: string; readonly fallback: string }) {
  const { path, title, fallback } = props;
  if (path === '') return <>{fallback}</>;
  return (
    <button
      type="button"
      class="place-link"
      title="Shows in all views only what came from this Cell"
      onClick={() => selectCell(path)}
    >
      {path}
      {title === '' ? '' : ` · ${title}`}
    </button>
  );
}

function ItemLink({
  store,
  picture,
  item,
}: {
  readonly store: GraphStore;
  readonly picture: Picture;
  readonly item: number;
}) {
  return (
    <button type="button" class="place-link" title={pathOf(picture.model, item)} onClick={() => store.show(item)}>
      {labelOf(picture.model.tree, item)}
    </button>
  );
}

const Facts = ({ children }: { readonly children: ComponentChildren }) => <dl>{children}</dl>;

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Part(props: { readonly title: string; readonly isShown: boolean; readonly children: ComponentChildren }) {
  if (!props.isShown) return null;
  return (
    <>
      <h3>{props.title}</h3>
      <ul>{props.children}</ul>
    </>
  );
}
