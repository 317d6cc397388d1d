/** The picture: a canvas that is moved, zoomed, unfolded and pointed at with mouse, touch pad or keys. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { groupOf, labelOf } from '../../../report/index.ts';
import { Canvas, type Draw, type Size } from '../../shell/components/index.ts';
import { fitted, moved, opening, showing, zoomed } from './camera.ts';
import { useFilter } from './filter.ts';
import { highlightOf } from './highlight.ts';
import { keyAction } from './keys.ts';
import { type Look } from './look.ts';
import { type Note } from './note.ts';
import { boxAt, FONT, isTitle, paint } from './paint.ts';
import { sceneOf } from './scene.ts';
import { type GraphStore, type Picture, toggle } from './store.ts';
import { HoverTip } from './tip.tsx';

export interface StageProps {
  readonly store: GraphStore;
  readonly picture: Picture;
  readonly look: Look;
  readonly note: Note;
  readonly found: ReadonlySet<number>;
}

interface Pointer {
  readonly x: number;
  readonly y: number;
}

export function Stage({ store, picture, look, note, found }: StageProps) {
  const size = useRef<Size>({ width: 0, height: 0 });
  const drag = useRef<{ readonly start: Pointer; readonly last: Pointer; readonly isMoved: boolean } | null>(null);
  const [hover, setHover] = useState<{ readonly item: number; readonly at: Pointer } | null>(null);
  const { model } = picture;
  useScene(store, picture, size);
  const scene = picture.scene.value;
  const camera = picture.camera.value;
  const chosen = picture.chosen.value;
  const hovered = hover?.item ?? null;
  const { isShown } = useFilter(model);
  const highlight = useMemo(() => highlightOf(model, scene, hovered ?? chosen), [model, scene, hovered, chosen]);
  const draw = useCallback<Draw>(
    (context, area, colours) => {
      if (camera === null) return;
      paint(context, area, colours, { model, scene, camera, look, note, isShown, highlight, chosen, hovered, found });
    },
    [model, scene, camera, look, note, isShown, highlight, chosen, hovered, found],
  );
  const onSize = useCallback(
    (next: Size) => {
      size.current = next;
      if (picture.camera.value === null && scene.boxes.length > 0)
        picture.camera.value = opening({ x: 0, y: 0, ...scene }, next);
    },
    [picture, scene],
  );
  const at = (event: MouseEvent): Pointer => ({ x: event.offsetX, y: event.offsetY });
  const pointed = (pointer: Pointer) => {
    if (camera === null) return null;
    return boxAt(scene, camera.x + pointer.x / camera.scale, camera.y + pointer.y / camera.scale);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const pointer = at(event);
    const held = drag.current;
    if (held === null || event.buttons === 0) {
      const box = pointed(pointer);
      setHover(box === null || box.depth === 0 ? null : { item: box.item, at: { x: event.clientX, y: event.clientY } });
      return;
    }
    const isMoved = held.isMoved || Math.hypot(pointer.x - held.start.x, pointer.y - held.start.y) > 4;
    if (isMoved && camera !== null)
      picture.camera.value = moved(camera, pointer.x - held.last.x, pointer.y - held.last.y);
    drag.current = { start: held.start, last: pointer, isMoved };
  };
  const onClick = (event: MouseEvent): void => {
    if (drag.current?.isMoved === true) return;
    const box = pointed(at(event));
    picture.chosen.value = box === null || box.depth === 0 ? null : box.item;
  };
  const onDblClick = (event: MouseEvent): void => {
    const pointer = at(event);
    const box = pointed(pointer);
    if (box === null || camera === null || box.depth === 0) return;
    if (groupOf(model.tree, box.item) === null) picture.camera.value = fitted(box, size.current, 1.5);
    else if (isTitle(box, camera.y + pointer.y / camera.scale)) toggle(picture, box.item);
  };
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    if (camera === null) return;
    picture.camera.value = isZoom(event)
      ? zoomed(camera, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), at(event))
      : moved(camera, -event.deltaX, -event.deltaY);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (keyAction(event, store, picture, size.current)) event.preventDefault();
  };
  return (
    <>
      <Canvas
        label={`Graph at stage ${picture.title}: ${scene.boxes.length - 1} boxes. Arrow keys move along edges, Enter unfolds.`}
        draw={draw}
        onSize={onSize}
        data-boxes={scene.boxes.length}
        data-chosen={chosen === null ? '' : labelOf(model.tree, chosen)}
        data-hovered={hovered === null ? '' : labelOf(model.tree, hovered)}
        data-scale={camera?.scale.toFixed(3)}
        style={drag.current?.isMoved === true ? 'cursor:grabbing' : hovered === null ? 'cursor:grab' : 'cursor:pointer'}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          drag.current = { start: at(event), last: at(event), isMoved: false };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setHover(null)}
        onClick={onClick}
        onDblClick={onDblClick}
        onWheel={onWheel}
        onKeyDown={onKeyDown}
      />
      <HoverTip
        picture={picture}
        item={hovered}
        at={drag.current?.isMoved === true ? null : (hover?.at ?? null)}
        note={note}
      />
    </>
  );
}

/** A pinch and a mouse wheel zoom; two fingers on a touch pad move. */
const isZoom = ({ ctrlKey, deltaX, deltaY, deltaMode }: WheelEvent): boolean =>
  ctrlKey || deltaMode !== 0 || (deltaX === 0 && Math.abs(deltaY) >= 50);

const measuring = document.createElement('canvas').getContext('2d');

function measure(text: string): number {
  if (measuring === null) return text.length * 7;
  measuring.font = FONT;
  return measuring.measureText(text).width;
}

/** Lays out what is unfolded; what was clicked stays where it is on screen. */
function useScene(store: GraphStore, picture: Picture, size: { readonly current: Size }): void {
  const open = picture.open.value;
  const hidden = store.hidden.value;
  const chosen = picture.chosen.value;
  useEffect(() => {
    let isCurrent = true;
    void sceneOf({ model: picture.model, open, hidden, measure }).then((scene) => {
      if (!isCurrent) return;
      const before = picture.scene.peek();
      const camera = picture.camera.peek();
      picture.scene.value = scene;
      if (camera === null) {
        if (size.current.width > 0) picture.camera.value = opening({ x: 0, y: 0, ...scene }, size.current);
        return;
      }
      const anchor = store.anchor ?? picture.chosen.peek();
      store.anchor = null;
      const [was, is] = anchor === null ? [] : [before.boxOf.get(anchor), scene.boxOf.get(anchor)];
      if (was !== undefined && is !== undefined)
        picture.camera.value = { ...camera, x: camera.x + is.x - was.x, y: camera.y + is.y - was.y };
    });
    return () => {
      isCurrent = false;
    };
  }, [store, picture, open, hidden, size]);
  const scene = picture.scene.value;
  useEffect(() => {
    const box = store.wanted === null ? undefined : scene.boxOf.get(store.wanted);
    const camera = picture.camera.peek();
    if (box === undefined || camera === null) return;
    store.wanted = null;
    picture.camera.value = showing(camera, box, size.current);
  }, [store, picture, scene, chosen, size]);
}
