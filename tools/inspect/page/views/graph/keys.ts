/** Keys of the picture. */
import { groupOf, nodesIn } from '../../../report/index.ts';
import type { Size } from '../../shell/components/index.ts';
import type { KeyHelp } from '../../shell/view.ts';
import { fitted, moved, zoomed } from './camera.ts';
import { visible } from './highlight.ts';
import { producersOf, usersOfNode } from './model.ts';
import { type GraphStore, type Picture, toggle } from './store.ts';

export const keyHelp: readonly KeyHelp[] = [
  { keys: '↑ ↓', action: 'Along an edge to a producer or user' },
  { keys: '← →', action: 'To the box beside it' },
  { keys: 'Enter', action: 'Unfold or fold a group' },
  { keys: 'Backspace', action: 'To the group around it' },
  { keys: '+ −', action: 'Zoom' },
  { keys: 'Shift + arrows', action: 'Move the picture' },
  { keys: '0', action: 'Fit the whole graph' },
  { keys: 'n N', action: 'Next, previous match or op of the filter' },
];

interface Stage {
  readonly store: GraphStore;
  readonly picture: Picture;
  readonly size: Size;
}

const SHIFT = 80;

const actions: Readonly<Record<string, (stage: Stage) => void>> = {
  ArrowUp: (stage) => along(stage, 'in'),
  ArrowDown: (stage) => along(stage, 'out'),
  ArrowLeft: (stage) => beside(stage, -1),
  ArrowRight: (stage) => beside(stage, 1),
  Enter: fold,
  ' ': fold,
  Backspace: ({ store, picture }) =>
    choose(store, picture, picture.model.tree.parent[picture.chosen.value ?? -1] ?? -1),
  Escape: ({ picture }) => (picture.chosen.value = null),
  '+': (stage) => zoom(stage, 1.25),
  '=': (stage) => zoom(stage, 1.25),
  '-': (stage) => zoom(stage, 0.8),
  '0': fit,
  f: fit,
  n: ({ store }) => store.step(1),
  N: ({ store }) => store.step(-1),
};

const shifts: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, SHIFT],
  ArrowDown: [0, -SHIFT],
  ArrowLeft: [SHIFT, 0],
  ArrowRight: [-SHIFT, 0],
};

/** Whether the key was one of the picture's. */
export function keyAction(event: KeyboardEvent, store: GraphStore, picture: Picture, size: Size): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const shift = event.shiftKey && Object.hasOwn(shifts, event.key) ? shifts[event.key] : undefined;
  const camera = picture.camera.value;
  if (shift !== undefined && camera !== null) {
    picture.camera.value = moved(camera, ...shift);
    return true;
  }
  if (event.key === 'Escape' && picture.chosen.value === null) return false;
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  action?.({ store, picture, size });
  return action !== undefined;
}

/** Chooses an item that is drawn and moves there. */
function choose(store: GraphStore, picture: Picture, item: number): void {
  if (item < 0 || item === picture.model.tree.nodeCount) return;
  store.wanted = item;
  picture.chosen.value = item;
}

function fold({ store, picture }: Stage): void {
  const item = picture.chosen.value;
  if (item === null || groupOf(picture.model.tree, item) === null) return;
  store.anchor = item;
  toggle(picture, item);
}

function fit({ picture, size }: Stage): void {
  picture.camera.value = fitted({ x: 0, y: 0, ...picture.scene.value }, size);
}

function zoom({ picture, size }: Stage, factor: number): void {
  const camera = picture.camera.value;
  if (camera !== null) picture.camera.value = zoomed(camera, factor, { x: size.width / 2, y: size.height / 2 });
}

/** To the first box that a tensor of the chosen one comes from or goes to. */
function along({ store, picture }: Stage, role: 'in' | 'out'): void {
  const { model } = picture;
  const chosen = picture.chosen.value;
  const scene = picture.scene.value;
  if (chosen === null)
    return choose(store, picture, scene.boxes.find(({ depth, isOpen }) => depth > 0 && !isOpen)?.item ?? -1);
  for (const node of nodesIn(model.tree, chosen))
    for (const other of role === 'in' ? producersOf(model, node) : usersOfNode(model, node)) {
      const item = visible(model, scene, other);
      if (item !== null && item !== chosen) return choose(store, picture, item);
    }
}

/** To the nearest box at the left or right. */
function beside({ store, picture }: Stage, direction: 1 | -1): void {
  const scene = picture.scene.value;
  const from = scene.boxOf.get(picture.chosen.value ?? -1);
  if (from === undefined) return;
  const distance = (box: typeof from): number =>
    direction * (box.x - from.x) + 3 * Math.abs(box.y + box.height / 2 - from.y - from.height / 2);
  const [nearest] = scene.boxes
    .filter((box) => !box.isOpen && box !== from && direction * (box.x - from.x) > 0)
    .sort((left, right) => distance(left) - distance(right));
  if (nearest !== undefined) choose(store, picture, nearest.item);
}
