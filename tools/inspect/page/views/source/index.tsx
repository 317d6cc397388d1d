/** The source view: the user's files, coloured by what their lines cost; a line filters all other views. */
import type { EditorView } from '@codemirror/view';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Place, ReportHead } from '../../../report/index.ts';
import { Choice, Select, Split, Spring, Toolbar } from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { hashParameter } from '../../shell/route.ts';
import { useSection } from '../../shell/section.ts';
import { clearSelection, type Selection, selection, selectLine, shownPlaces } from '../../shell/state.ts';
import type { SearchItem, View } from '../../shell/view.ts';
import { type LineMarks, type LineNote, moveToLine, revealLine, showMarks, showText, sourceEditor } from './editor.ts';
import { HotLines } from '../../shell/hot-lines.tsx';
import { type Lines, linesOf, type Measure, measures } from '../../shell/lines.ts';
import { LinePanel } from './panel.tsx';
import './source.css';

export const sourceView: View = {
  name: 'source',
  title: 'Source',
  isPresent: (report) => report.head.sources.length > 0,
  Component: SourceView,
  items: async ({ head }) => sourceItems(head),
  keys: [
    { keys: '↑ ↓ Enter', action: 'move by line; choose the line, again to clear' },
    { keys: 'Ctrl-F', action: 'search in the file' },
    { keys: 'click', action: 'all views show only what came from the line' },
  ],
};

const file = hashParameter('file', '0');
/** What lines are coloured by; empty for time, or operations where nothing was timed. */
const measure = hashParameter('by', '');

function sourceItems({ sources }: ReportHead): readonly SearchItem[] {
  return sources.flatMap(({ name, text }, index) =>
    text.split('\n').flatMap((line, row) => {
      const label = line.trim();
      const detail = `${name.split('/').at(-1) ?? name}:${row + 1}`;
      return label === '' ? [] : [{ label, detail, kind: 'line', open: () => selectLine(index, row + 1) }];
    }),
  );
}

function SourceView({ report }: { readonly report: LoadedReport }) {
  const costs = useSection(report, 'costs', report.has('costs'));
  const lines = useMemo(() => linesOf(report.head, costs), [report, costs]);
  const usual: Measure = costs?.timed === false ? 'flops' : 'seconds';
  const chosen = measures.find(({ value }) => value === measure.value)?.value ?? usual;
  return (
    <div class="source-view">
      <Toolbar label="Source">
        <FileChoice report={report} />
        <Spring />
        {costs !== null && (
          <Choice
            label="Colour lines by"
            value={chosen}
            options={measures.filter(({ value }) => costs.timed || value === 'flops')}
            onChange={(value) => (measure.value = value)}
          />
        )}
      </Toolbar>
      <Split
        name="source"
        direction="columns"
        initial={0.66}
        first={<Editor head={report.head} lines={lines} measure={chosen} />}
        second={
          <Split
            name="source-side"
            direction="rows"
            initial={0.5}
            first={<LinePanel report={report} costs={costs} lines={lines} measure={chosen} />}
            second={<HotLines costs={costs} report={report} lines={lines} measure={chosen} />}
          />
        }
      />
    </div>
  );
}

function FileChoice({ report }: { readonly report: LoadedReport }) {
  const { sources } = report.head;
  if (sources.length < 2) return <span class="code">{sources[0]?.name}</span>;
  const options = sources.map(({ name }, index) => ({ value: String(index), title: name }));
  return <Select label="File" value={file.value} options={options} onChange={(value) => (file.value = value)} />;
}

interface EditorProps {
  readonly head: ReportHead;
  readonly lines: Lines;
  readonly measure: Measure;
}

function Editor({ head, lines, measure: shown }: EditorProps) {
  const element = useRef<HTMLDivElement | null>(null);
  const view = useRef<EditorView | null>(null);
  const index = openFile(head);
  const places = shownPlaces.value;
  const chosen = selection.value;
  const marks = useMemo(
    () => marksOf(head, lines, shown, index, places, chosen),
    [head, lines, shown, index, places, chosen],
  );
  useEffect(() => {
    if (element.current === null) return;
    view.current = sourceEditor(element.current, 'Source', (line) => toggleLine(openFile(head), line));
    return () => view.current?.destroy();
  }, [head]);
  useEffect(() => {
    if (view.current !== null) showText(view.current, head.sources[index]?.text ?? '');
  }, [head, index]);
  useEffect(() => {
    if (view.current !== null) showMarks(view.current, marks);
  }, [marks]);
  useEffect(() => {
    if (chosen?.kind === 'line' && chosen.file !== index) file.value = String(chosen.file);
    const first = chosen === null ? undefined : [...(marks.shown ?? [])].sort((left, right) => left - right)[0];
    const target = chosen?.kind === 'line' ? chosen.line : first;
    if (view.current !== null && target !== undefined) moveToLine(view.current, target);
  }, [chosen, index]);
  useEffect(() => {
    const hottest = [...marks.heat].find(([, { share }]) => share === 1)?.[0];
    if (view.current !== null && selection.peek() === null && hottest !== undefined) revealLine(view.current, hottest);
  }, [lines, index]);
  return <div class="source-editor" ref={element} data-file={index} />;
}

/** The file that is open; the first when the address names none. */
const openFile = ({ sources }: ReportHead): number =>
  sources[Number(file.value)] === undefined ? 0 : Number(file.value);

/** Chooses a line; the one that is chosen already is given up. */
function toggleLine(index: number, line: number): void {
  const known = selection.value;
  if (known?.kind === 'line' && known.file === index && known.line === line) return clearSelection();
  selectLine(index, line);
}

function marksOf(
  head: ReportHead,
  lines: Lines,
  measure: Measure,
  file: number,
  places: ReadonlySet<number> | null,
  selected: Selection | null,
): LineMarks {
  const costs = [...lines.values()];
  const most = costs.reduce((known, cost) => Math.max(known, cost[measure]), 0);
  const format = measures.find(({ value }) => value === measure)?.format ?? String;
  const heat = new Map(
    costs
      .filter((cost) => cost.file === file && cost[measure] > 0)
      .map((cost) => [cost.line, { text: format(cost[measure]), share: cost[measure] / most }]),
  );
  const at = (found: readonly Place[]): ReadonlySet<number> =>
    new Set(found.flatMap(({ positions }) => positions.filter((one) => one.file === file).map(({ line }) => line)));
  const shown = places === null ? null : at(head.places.filter((_, place) => places.has(place)));
  const chosen = selected?.kind === 'line' && selected.file === file ? selected.line : null;
  return { heat, live: at(head.places), shown, chosen, notes: notesOf(head, file) };
}

/** What the compiler said about lines of a file. */
const notesOf = ({ diagnostics, places }: ReportHead, file: number): readonly LineNote[] =>
  diagnostics.flatMap(({ place, severity, message }) => {
    const at = places[place]?.positions[0];
    return at?.file === file ? [{ line: at.line, severity, message }] : [];
  });
