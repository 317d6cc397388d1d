/** The user's file in CodeMirror: a gutter of heat, marks on lines that pass the filter, and lines that are chosen by click or key. */
import { python } from '@codemirror/lang-python';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, type Line, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  gutter,
  GutterMarker,
  keymap,
  lineNumbers,
  ViewPlugin,
  WidgetType,
} from '@codemirror/view';
import type { ReportDiagnostic } from '../../../report/index.ts';
import { codeLook } from '../../shell/components/index.ts';

/** What is drawn beside and on the lines of a file; lines count from 1. */
export interface LineMarks {
  /** Text and share of the hottest line, by line. */
  readonly heat: ReadonlyMap<number, { readonly text: string; readonly share: number }>;
  /** Lines from which something came: they can be chosen. */
  readonly live: ReadonlySet<number>;
  /** Lines that pass the filter; null without one. */
  readonly shown: ReadonlySet<number> | null;
  /** The line that is the filter, or null. */
  readonly chosen: number | null;
  /** What the compiler said about a line. */
  readonly notes: readonly LineNote[];
}

export interface LineNote {
  readonly line: number;
  readonly severity: ReportDiagnostic['severity'];
  readonly message: string;
}

const noMarks: LineMarks = { heat: new Map(), live: new Set(), shown: null, chosen: null, notes: [] };
const setMarks = StateEffect.define<LineMarks>();

const marksField = StateField.define<LineMarks>({
  create: () => noMarks,
  update: (marks, { effects }) =>
    effects.reduce((known, effect) => (effect.is(setMarks) ? effect.value : known), marks),
});

/** Marks of the lines on screen: a file may be long. */
const lineLooks = ViewPlugin.define(
  (view) => ({
    looks: looksOf(view),
    update({ docChanged, viewportChanged, startState, state, view: now }) {
      if (docChanged || viewportChanged || startState.field(marksField) !== state.field(marksField))
        this.looks = looksOf(now);
    },
  }),
  { decorations: ({ looks }) => looks },
);

function looksOf({ state, visibleRanges }: EditorView): DecorationSet {
  const { shown, live, chosen, notes } = state.field(marksField);
  const ranges = visibleRanges.flatMap(({ from, to }) => {
    const [first, last] = [state.doc.lineAt(from).number, state.doc.lineAt(to).number];
    return Array.from({ length: last - first + 1 }, (_, offset) => state.doc.line(first + offset)).flatMap((line) => {
      const isShown = shown?.has(line.number) === true;
      const look = line.number === chosen ? chosenLine : isShown ? shownLine : live.has(line.number) ? liveLine : null;
      const said = notes.filter((note) => note.line === line.number);
      return [
        ...(look === null ? [] : [look.range(line.from)]),
        ...said.map((note) => Decoration.widget({ widget: new Note(note), side: 1 }).range(line.to)),
      ];
    });
  });
  return Decoration.set(ranges, true);
}

const chosenLine = Decoration.line({ class: 'source-shown source-chosen' });
const shownLine = Decoration.line({ class: 'source-shown' });
const liveLine = Decoration.line({ class: 'source-live' });

/** A diagnostic behind its line. */
class Note extends WidgetType {
  readonly note: LineNote;

  constructor(note: LineNote) {
    super();
    this.note = note;
  }

  override eq({ note }: Note): boolean {
    return note.message === this.note.message && note.severity === this.note.severity;
  }

  override toDOM(): HTMLElement {
    const text = document.createElement('span');
    text.className = `source-note is-${this.note.severity}`;
    text.textContent = `${this.note.severity}: ${this.note.message.split('\n', 1)[0] ?? ''}`;
    text.title = this.note.message;
    return text;
  }
}

/** A value over a bar as long as its share, as warm as its share. */
class Heat extends GutterMarker {
  readonly text: string;
  readonly share: number;

  constructor(text: string, share: number) {
    super();
    this.text = text;
    this.share = share;
  }

  override eq(other: Heat): boolean {
    return other.text === this.text && other.share === this.share;
  }

  override toDOM(): Node {
    const cell = document.createElement('span');
    cell.className = 'source-heat';
    cell.style.setProperty('--share', this.share.toFixed(4));
    cell.textContent = this.text;
    return cell;
  }
}

/** What the user does with a line: told only for lines from which something came. */
type Choose = (line: number) => void;

function chooseLine(view: EditorView, position: number, choose: Choose): boolean {
  const line = view.state.doc.lineAt(position).number;
  const { live } = view.state.field(marksField);
  if (live.has(line)) choose(line);
  return true;
}

const heatGutter = (choose: Choose): Extension =>
  gutter({
    class: 'source-heat-gutter',
    lineMarker: (view, block) => {
      const heat = view.state.field(marksField).heat.get(view.state.doc.lineAt(block.from).number);
      return heat === undefined ? null : new Heat(heat.text, heat.share);
    },
    lineMarkerChange: ({ startState, state }) => startState.field(marksField) !== state.field(marksField),
    initialSpacer: () => new Heat('888.88 MiB', 0),
    domEventHandlers: {
      click: (view, block) => chooseLine(view, block.from, choose),
    },
  });

/** A click that ends a selection of text chooses nothing. */
const clickToChoose = (choose: Choose): Extension =>
  EditorView.domEventHandlers({
    click: (event, view) => {
      const position = view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
      if (!view.state.selection.main.empty || !(getSelection()?.isCollapsed ?? true)) return false;
      view.dispatch({ selection: { anchor: view.state.doc.lineAt(position).from } });
      return chooseLine(view, position, choose);
    },
  });

function moveLines(view: EditorView, lines: number): boolean {
  const { doc, selection } = view.state;
  const target = Math.max(1, Math.min(doc.lines, doc.lineAt(selection.main.head).number + lines));
  view.dispatch({ selection: { anchor: doc.line(target).from }, scrollIntoView: true });
  return true;
}

const cursorKeys = (choose: Choose): Extension =>
  keymap.of([
    { key: 'ArrowDown', run: (view) => moveLines(view, 1) },
    { key: 'ArrowUp', run: (view) => moveLines(view, -1) },
    { key: 'PageDown', run: (view) => moveLines(view, 20) },
    { key: 'PageUp', run: (view) => moveLines(view, -20) },
    { key: 'Home', run: (view) => moveLines(view, -view.state.doc.lines) },
    { key: 'End', run: (view) => moveLines(view, view.state.doc.lines) },
    { key: 'Enter', run: (view) => chooseLine(view, view.state.selection.main.head, choose) },
  ]);

/** The line of the cursor, drawn only while the editor has the focus (see source.css). */
const cursorLine = EditorView.decorations.compute(['selection', 'doc'], (state) =>
  Decoration.set([Decoration.line({ class: 'source-cursor' }).range(state.doc.lineAt(state.selection.main.head).from)]),
);

/** An editor in an element. `choose` is told the lines that the user chooses. */
export function sourceEditor(parent: Element, label: string, choose: Choose): EditorView {
  const extensions = [
    heatGutter(choose),
    lineNumbers({
      domEventHandlers: { click: (view, block) => chooseLine(view, block.from, choose) },
    }),
    marksField,
    lineLooks,
    cursorLine,
    cursorKeys(choose),
    clickToChoose(choose),
    python(),
    search({ top: true }),
    highlightSelectionMatches(),
    keymap.of(searchKeymap),
    codeLook,
    EditorView.contentAttributes.of({ 'aria-label': label }),
  ];
  return new EditorView({ parent, state: EditorState.create({ extensions }) });
}

/** Another file, from its start. */
export function showText(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
}

export function showMarks(view: EditorView, marks: LineMarks): void {
  view.dispatch({ effects: setMarks.of(marks) });
}

/** Scrolls a line into the middle when it is not on screen. */
export function revealLine(view: EditorView, number: number): void {
  const line = lineAt(view, number);
  const box = view.coordsAtPos(line.from);
  const frame = view.scrollDOM.getBoundingClientRect();
  const isVisible = box !== null && box.top >= frame.top && box.bottom <= frame.bottom;
  if (!isVisible) view.dispatch({ effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
}

/** Puts the cursor on a line, where the arrow keys go on from. */
export function moveToLine(view: EditorView, number: number): void {
  view.dispatch({ selection: { anchor: lineAt(view, number).from } });
  revealLine(view, number);
}

const lineAt = ({ state: { doc } }: EditorView, number: number): Line =>
  doc.line(Math.max(1, Math.min(doc.lines, number)));
