/** What a link to the graph view keeps: stage, colours and the chosen box. */
import { effect } from '@preact/signals';
import { hashParameter } from '../../shell/route.ts';
import { colourings, type GraphStore } from './store.ts';

const stage = hashParameter('stage', '');
const colour = hashParameter('colour', 'kind');
const chosen = hashParameter('box', '');

/** Takes over what the address says, now and when it changes, and keeps the address up to date. */
export function linkToAddress(store: GraphStore): void {
  effect(() => {
    const index = store.section.graphs.findIndex((graph) => graph.stage === stage.value);
    store.stage.value = Math.max(0, index);
    store.colouring.value = colourings.find((name) => name === colour.value) ?? 'kind';
  });
  effect(() => {
    const { model, chosen: current } = store.picture;
    const item = chosen.value === '' ? null : Number(chosen.value);
    if (item === current.peek()) return;
    if (item === null) current.value = null;
    else if (Number.isInteger(item) && item >= 0 && item < model.tree.parent.length) store.show(item);
  });
  effect(() => {
    const first = store.section.graphs[0]?.stage;
    const name = store.section.graphs[store.stage.value]?.stage ?? '';
    stage.value = name === first ? '' : name;
    colour.value = store.colouring.value;
    const item = store.picture.chosen.value;
    chosen.value = item === null ? '' : String(item);
  });
}
