/** IR in CodeMirror: colours, lines that pass the filter, a gutter that leads back to the user's lines, and a diff. */
import { Change, getChunks, goToNextChunk, goToPreviousChunk, MergeView, presentableDiff } from '@codemirror/merge';
import { Compartment, EditorState, type Extension, RangeSet } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  gutter,
  GutterMarker,
  highlightActiveLine,
  MatchDecorator,
  ViewPlugin,
} from '@codemirror/view';
import { codeLook } from '../../shell/components/index.ts';
import { type Gap, lineGaps } from './line-diff.ts';
import { mlirLanguage } from './mlir.ts';
import type { PlacedText } from './model.ts';

/** What the page says of places. */
export interface Places {
  /** Text for the gutter, such as `net.py:12`. */
  readonly label: (place: number) => string;
  /** The same as short as can be, where two texts share the width: `12`. */
  readonly shortLabel: (place: number) => string;
  readonly choose: (place: number) => void;
}

/** What is marked in a text. */
export interface Marks {
  /** Places whose lines are marked; null marks none. */
  readonly places: ReadonlySet<number> | null;
  /** Text that is marked wherever it occurs; empty marks nothing. */
  readonly query: string;
}

const marksPart = new Compartment();
const markedText = Decoration.mark({ class: 'cm-searchMatch' });
const markedLine = Decoration.line({ class: 'ir-marked' });

class PlaceMarker extends GutterMarker {
  readonly label: string;
  readonly hint: string;

  constructor(label: string, hint: string) {
    super();
    this.label = label;
    this.hint = hint;
  }

  override eq(other: PlaceMarker): boolean {
    return other.label === this.label && other.hint === this.hint;
  }

  override toDOM(): Node {
    const cell = document.createElement('span');
    cell.textContent = this.label;
    cell.title = `${this.hint}: show only what came from this line`;
    return cell;
  }
}

/** Extensions for one text: everything but the text itself. */
function codeExtensions({ places: lines }: PlacedText, places: Places, isNarrow: boolean): Extension {
  const placeAt = (view: EditorView, position: number): number =>
    lines[view.state.doc.lineAt(position).number - 1] ?? 0;
  return [
    codeLook,
    mlirLanguage,
    highlightActiveLine(),
    marksPart.of([]),
    gutter({
      class: 'ir-places',
      lineMarker: (view, block) => {
        const place = placeAt(view, block.from);
        const label = places.label(place);
        return label === '' ? null : new PlaceMarker(isNarrow ? places.shortLabel(place) : label, label);
      },
      domEventHandlers: {
        click: (view, block) => {
          places.choose(placeAt(view, block.from));
          return true;
        },
      },
    }),
  ];
}

/** Marks lines and text in an editor of a text. */
export function showMarks(view: EditorView, { places: lines }: PlacedText, { places, query }: Marks): void {
  const { doc } = view.state;
  const ranges = lines.flatMap((place, index) =>
    places?.has(place) === true && index < doc.lines ? [markedLine.range(doc.line(index + 1).from)] : [],
  );
  const marks = [EditorView.decorations.of(RangeSet.of(ranges)), query === '' ? [] : matches(query)];
  view.dispatch({ effects: marksPart.reconfigure(marks) });
}

/** Marks a text wherever it is seen. */
function matches(query: string): Extension {
  const regexp = new RegExp(query.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
  const decorator = new MatchDecorator({ regexp, decoration: markedText });
  return ViewPlugin.define(
    (view) => ({
      decorations: decorator.createDeco(view),
      update(update) {
        this.decorations = decorator.updateDeco(update, this.decorations);
      },
    }),
    { decorations: (plugin) => plugin.decorations },
  );
}

/** An editor of one text. */
export function irEditor(parent: Element, placed: PlacedText, places: Places, label: string): EditorView {
  const labelled = EditorView.contentAttributes.of({ 'aria-label': label });
  const extensions = [codeExtensions(placed, places, false), labelled];
  return new EditorView({ parent, state: EditorState.create({ doc: placed.text, extensions }) });
}

/** Two texts side by side. */
export function irDiff(parent: Element, before: PlacedText, after: PlacedText, places: Places): MergeView {
  const side = (placed: PlacedText, label: string) => ({
    doc: placed.text,
    extensions: [codeExtensions(placed, places, true), EditorView.contentAttributes.of({ 'aria-label': label })],
  });
  return new MergeView({
    a: side(before, 'IR before the pass'),
    b: side(after, 'IR after the pass'),
    parent,
    collapseUnchanged: { margin: 3, minSize: 6 },
    diffConfig: { override: changesOf },
  });
}

/** Lines of a text, and characters of one line, within which words are compared. */
const MOST_COMPARED_LINES = 2_000;
const MOST_COMPARED = 3_000;

/** Differences by lines; where as many lines stand for as many others, by words within each. */
function changesOf(a: string, b: string): readonly Change[] {
  const [linesA, linesB] = [a.split('\n'), b.split('\n')];
  const [startsA, startsB] = [startsOf(linesA), startsOf(linesB)];
  let compared = 0;
  return lineGaps(linesA, linesB).flatMap((gap) => {
    const count = gap.toA - gap.fromA;
    if (count !== gap.toB - gap.fromB || compared + count > MOST_COMPARED_LINES)
      return [new Change(...offsets(gap, startsA, startsB))];
    compared += count;
    return linesA.slice(gap.fromA, gap.toA).flatMap((line, index) => {
      const [row, other] = [gap.fromA + index, gap.fromB + index];
      return lineChanges(line, linesB[other] ?? '', startsA[row] ?? 0, startsB[other] ?? 0);
    });
  });
}

function lineChanges(a: string, b: string, fromA: number, fromB: number): readonly Change[] {
  if (a.length + b.length > MOST_COMPARED) return [new Change(fromA, fromA + a.length, fromB, fromB + b.length)];
  return presentableDiff(a, b, { scanLimit: 300 }).map(
    (change) => new Change(change.fromA + fromA, change.toA + fromA, change.fromB + fromB, change.toB + fromB),
  );
}

/** Where lines begin, and where one more would. */
function startsOf(lines: readonly string[]): readonly number[] {
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  return starts;
}

/** Positions of a gap; that of a text's end is before the line break that it does not have. */
function offsets(
  { fromA, toA, fromB, toB }: Gap,
  startsA: readonly number[],
  startsB: readonly number[],
): readonly [number, number, number, number] {
  const at = (starts: readonly number[], line: number): number =>
    Math.min(starts[line] ?? 0, Math.max(0, (starts.at(-1) ?? 1) - 1));
  return [at(startsA, fromA), at(startsA, toA), at(startsB, fromB), at(startsB, toB)];
}

/** Whether a position of a diff differs from the other side; anywhere else lines may be folded away. Always true outside of a diff. */
export function isSeen(view: EditorView, position: number): boolean {
  const found = getChunks(view.state);
  if (found === null) return true;
  return found.chunks.some((chunk) =>
    found.side === 'a'
      ? position >= chunk.fromA && position < chunk.toA
      : position >= chunk.fromB && position < chunk.toB,
  );
}

/** Shows a line in the middle, from 1, and puts the cursor there. */
export function revealLine(view: EditorView, line: number): void {
  if (line < 1 || line > view.state.doc.lines) return;
  const { from } = view.state.doc.line(line);
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
}

/** The next or previous difference, in the side that was changed. */
export function stepChange({ b }: MergeView, forward: boolean): void {
  (forward ? goToNextChunk : goToPreviousChunk)({ state: b.state, dispatch: (transaction) => b.dispatch(transaction) });
}
