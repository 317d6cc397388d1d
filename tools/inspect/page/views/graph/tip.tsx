/** What the pointer is on. */
import { groupOf, labelOf, shortType } from '../../../report/index.ts';
import { Tooltip } from '../../shell/components/index.ts';
import { placeLabel } from '../../shell/state.ts';
import { fullName } from './look.ts';
import type { Note } from './note.ts';
import { subtitle } from './scene.ts';
import type { Picture } from './store.ts';

export interface HoverTipProps {
  readonly picture: Picture;
  readonly item: number | null;
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly note: Note;
}

export function HoverTip({ picture: { model }, item, at, note }: HoverTipProps) {
  if (item === null) return null;
  const { tree, graph } = model;
  const { nodes, strings } = graph;
  const group = groupOf(tree, item);
  const types = group === null ? nodes.resultType.slice(nodes.resultStart[item], nodes.resultStart[item + 1]) : [];
  const place = group === null ? placeLabel(nodes.place[item] ?? 0) : '';
  return (
    <Tooltip at={at}>
      <b>{group === null ? fullName(model, item) : labelOf(tree, item)}</b>
      {group !== null && <div>{subtitle(model, item)}</div>}
      {types.map((type, index) => (
        <div key={index} class="code">
          {shortType(strings[type] ?? '')}
        </div>
      ))}
      {place !== '' && <div class="faint">{place}</div>}
      {note(item) !== '' && <div>{note(item)}</div>}
    </Tooltip>
  );
}
