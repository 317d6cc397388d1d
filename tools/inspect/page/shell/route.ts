/**
 * The address of what is shown: the part of the URL after `#`, such as `#view=graph&line=0:144`. A link to it, the browser's
 * back and forward, and a reload all lead to the same view with the same filter.
 */
import { batch, effect, type Signal, signal } from '@preact/signals';
import { openView, report, selection, type Selection, type ViewName } from './state.ts';

/** Places that a link may list; a longer filter is left out of the address. */
const LINKED_PLACES = 200;

const viewNames: Readonly<Record<ViewName, true>> = {
  overview: true,
  source: true,
  pipeline: true,
  graph: true,
  kernels: true,
  memory: true,
  plan: true,
  ranks: true,
};

const parameters = new Map<string, { readonly signal: Signal<string>; readonly initial: string }>();

/**
 * State of a view that a link keeps, such as the kernel that is shown. Call it at the top of a module; `key` is unique in the
 * page and not `view`, `line`, `cell`, `places` or `label`.
 */
export function hashParameter(key: string, initial: string): Signal<string> {
  const parameter = { signal: signal(new URLSearchParams(location.hash.slice(1)).get(key) ?? initial), initial };
  parameters.set(key, parameter);
  return parameter.signal;
}

/** Follows the address, and keeps it up to date: a step of the history for each view and filter. */
export function startRoute(): void {
  readAddress();
  addEventListener('hashchange', readAddress);
  addEventListener('popstate', readAddress);
  let shown = mainAddress();
  effect(() => {
    const main = mainAddress();
    const address = `#${[...main, ...viewAddress()].map(([key, value]) => `${key}=${encoded(value)}`).join('&')}`;
    if (address === location.hash) shown = main;
    else if (String(main) === String(shown) || location.hash === '') history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    shown = main;
  });
}

/** Percent-encoding of a value; `:` and `,` stay readable. A lone surrogate, which has no encoding, becomes U+FFFD. */
const encoded = (value: string): string =>
  encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'))
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',');

const mainAddress = (): readonly (readonly [string, string])[] => [
  ['view', openView.value],
  ...selectionAddress(selection.value),
];

const viewAddress = (): readonly (readonly [string, string])[] =>
  [...parameters].flatMap(([key, parameter]) =>
    parameter.signal.value === parameter.initial ? [] : [[key, parameter.signal.value] as const],
  );

function selectionAddress(chosen: Selection | null): readonly (readonly [string, string])[] {
  if (chosen === null) return [];
  if (chosen.kind === 'line') return [['line', `${chosen.file}:${chosen.line}`]];
  if (chosen.kind === 'cell') return [['cell', chosen.path]];
  if (chosen.places.length > LINKED_PLACES) return [];
  return [
    ['places', chosen.places.join(',')],
    ['label', chosen.label],
  ];
}

function readAddress(): void {
  const address = new URLSearchParams(location.hash.slice(1));
  const view = address.get('view') ?? 'overview';
  batch(() => {
    openView.value = isViewName(view) ? view : 'overview';
    selection.value = readSelection(address);
    for (const [key, parameter] of parameters) parameter.signal.value = address.get(key) ?? parameter.initial;
  });
}

const isViewName = (name: string): name is ViewName => Object.hasOwn(viewNames, name);

/** What an address selects; anything that the report does not have is no filter. */
function readSelection(address: URLSearchParams): Selection | null {
  const head = report.value?.head;
  const [, file, line] = /^(\d+):(\d+)$/.exec(address.get('line') ?? '') ?? [];
  if (file !== undefined && line !== undefined && head?.sources[Number(file)] !== undefined)
    return { kind: 'line', file: Number(file), line: Number(line) };
  const cell = address.get('cell') ?? '';
  if (cell !== '') return { kind: 'cell', path: cell };
  const places = (address.get('places') ?? '').split(',').filter((text) => /^\d+$/.test(text));
  if (places.length > 0) return { kind: 'places', places: places.map(Number), label: address.get('label') ?? '' };
  return null;
}
