/** What the search of the whole page finds: commands, views, Cells, and whatever the views offer. */
import { signal } from '@preact/signals';
import type { LoadedReport } from './load.ts';
import { clearSelection, openView, selectCell } from './state.ts';
import { theme, themes } from './theme.ts';
import type { SearchItem, View } from './view.ts';

/** An item with the text that is searched. */
export interface Found extends SearchItem {
  readonly text: string;
}

const found = (item: SearchItem): Found => ({
  ...item,
  text: `${item.label} ${item.detail ?? ''} ${item.kind}`.toLowerCase(),
});

/** Everything that is found so far; grows while the views give theirs. */
export const items = signal<readonly Found[]>([]);

let asked: LoadedReport | null = null;

/** Collects the items of a report, from the views that it has, when the search first opens. */
export function collectItems(report: LoadedReport, views: readonly View[], commands: readonly SearchItem[]): void {
  if (asked === report) return;
  asked = report;
  items.value = [...commands, ...pageCommands(views), ...cells(report)].map(found);
  for (const view of views)
    void view.items?.(report).then((more) => {
      const opened = more.map((item) => found({ ...item, open: () => afterOpening(view.name, item.open) }));
      items.value = [...items.value, ...opened];
    });
}

function afterOpening(name: typeof openView.value, open: () => void): void {
  openView.value = name;
  open();
}

const pageCommands = (views: readonly View[]): readonly SearchItem[] => [
  ...views.map(({ name, title }) => ({
    label: `Go to ${title}`,
    kind: 'command',
    open: () => void (openView.value = name),
  })),
  { label: 'Clear the filter', kind: 'command', open: clearSelection },
  ...themes.map((name) => ({ label: `Theme: ${name}`, kind: 'command', open: () => void (theme.value = name) })),
];

function cells({ head }: LoadedReport): readonly SearchItem[] {
  const classes = new Map(
    head.places.filter(({ cell }) => cell !== '').map(({ cell, cellClass }) => [cell, cellClass]),
  );
  return [...classes].map(([path, detail]) => ({ label: path, detail, kind: 'cell', open: () => selectCell(path) }));
}

/** Items that hold all words of a query, best first; those of the kind that its first word names lead. */
export function search(all: readonly Found[], query: string): readonly Found[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return all.slice(0, 100);
  const [main = ''] = words;
  return all
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map((item) => ({ item, rank: item.kind === main ? item.label.length : rankOf(item.label.toLowerCase(), main) }))
    .sort((left, right) => left.rank - right.rank) // the array is our own
    .map(({ item }) => item);
}

/** Lower is better: the label itself, its start, the start of a word in it, somewhere in it, elsewhere; then the shorter. */
function rankOf(label: string, word: string): number {
  const index = label.indexOf(word);
  const kind =
    label === word
      ? 0
      : index === 0
        ? 1
        : index > 0 && /[^a-z0-9]/.test(label[index - 1] ?? '')
          ? 2
          : index > 0
            ? 3
            : 4;
  return kind * 1000 + Math.min(999, label.length);
}
