/** What the tracer sees of a branch or loop: the variables around it, and its parts as things to run. */
import type { Span } from '../../../ir/index.ts';
import { Cell } from '../objects/containers.ts';
import type { Frame } from '../objects/functions.ts';
import { NORMAL, type BranchPoint, type FrameView, type LoopPoint } from '../objects/interpreter.ts';
import { PyDict, type PyValue } from '../objects/object.ts';
import type { Context, Evaluate, Execute, Rest } from './context.ts';

/** A view of the variables of a frame: the slots of a function, the namespace of a class body or module. */
export function frameView(frame: Frame): FrameView {
  return frame.function === null ? namespaceView(frame.namespace ?? frame.globals) : slotView(frame);
}

function slotView(frame: Frame): FrameView {
  const { slots } = frame;
  const { slotNames } = frame.code;
  const read = (slot: number): PyValue | undefined => {
    const content = slots[slot];
    return content instanceof Cell ? content.value : content;
  };
  const write = (slot: number, value: PyValue | undefined): void => {
    const content = slots[slot];
    if (content instanceof Cell) content.value = value;
    else slots[slot] = value;
  };
  return {
    names: () => slotNames.filter((_, slot) => read(slot) !== undefined),
    read: (name) => {
      const slot = slotNames.lastIndexOf(name);
      return slot < 0 ? undefined : read(slot);
    },
    write: (name, value) => {
      const slot = slotNames.lastIndexOf(name);
      if (slot >= 0) write(slot, value);
    },
    snapshot: () => {
      const saved = slotNames.map((_, slot) => read(slot));
      return () => saved.forEach((value, slot) => write(slot, value));
    },
  };
}

function namespaceView(namespace: PyDict): FrameView {
  return {
    names: () => [...namespace.map.keys()].filter((name) => typeof name === 'string'),
    read: (name) => namespace.map.get(name),
    write: (name, value) => {
      if (value === undefined) namespace.map.delete(name);
      else namespace.map.set(name, value);
    },
    snapshot: () => {
      const saved = new Map(namespace.map);
      return () => {
        namespace.map.clear();
        for (const [name, value] of saved) namespace.map.set(name, value);
      };
    },
  };
}

function resultOf(frame: Frame): Pick<BranchPoint, 'returned' | 'setReturned'> {
  return { returned: () => frame.result, setReturned: (value) => void (frame.result = value) };
}

export function branchPoint(
  context: Context,
  frame: Frame,
  span: Span,
  whenTrue: Execute,
  whenFalse: Execute,
  rest: Rest | null,
): BranchPoint {
  context.py.spend(1);
  return {
    span,
    frame: frameView(frame),
    runThen: () => whenTrue(frame),
    runElse: () => whenFalse(frame),
    runRest: () => (rest ? rest.run(frame) : NORMAL),
    restEndsFunction: rest?.endsFunction ?? false,
    ...resultOf(frame),
  };
}

export function loopPoint(
  context: Context,
  frame: Frame,
  span: Span,
  test: Evaluate,
  body: Execute,
  otherwise: Execute,
): LoopPoint {
  context.py.spend(1);
  return {
    span,
    frame: frameView(frame),
    evaluateTest: () => test(frame),
    runBody: () => body(frame),
    runElse: () => otherwise(frame),
    ...resultOf(frame),
  };
}
