/** Layouts from a worker, so that the page stays live; equal groups (the blocks of a network) are laid out once. */
import type { LayoutMessage, LayoutReply, LayoutRequest, LayoutResult } from './protocol.ts';
// oxlint-disable-next-line import/default -- the bundler gives the text of the worker
import source from './worker.ts?worker';

const known = new Map<string, Promise<LayoutResult>>();
const waiting = new Map<number, (result: LayoutResult) => void>();
let worker: Worker | null = null;
let last = 0;

export function layoutOf(request: LayoutRequest): Promise<LayoutResult> {
  const key = `${request.sizes.join(' ')}|${request.edges.join(' ')}`;
  const found = known.get(key) ?? ask(request);
  known.set(key, found);
  return found;
}

function ask({ sizes, edges }: LayoutRequest): Promise<LayoutResult> {
  if (sizes.length === 2 && edges.length === 0) {
    const [width = 0, height = 0] = sizes;
    return Promise.resolve({ width, height, middles: [width / 2, height / 2], points: [] });
  }
  const message: LayoutMessage = { id: ++last, sizes, edges };
  return new Promise((resolve) => {
    waiting.set(message.id, resolve);
    running().postMessage(message);
  });
}

function running(): Worker {
  if (worker !== null) return worker;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  worker = new Worker(url);
  worker.addEventListener('message', ({ data }: MessageEvent<LayoutReply>) => {
    waiting.get(data.id)?.(data.result);
    waiting.delete(data.id);
  });
  return worker;
}
