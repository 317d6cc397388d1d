/** What one pass did: the diff, the rewrites, the remarks and the text. */
import { useMemo } from 'preact/hooks';
import { type PassRow, type PipelineSection, withParts } from '../../../report/index.ts';
import { Button, Choice, Empty, formatCount, Select, Spring, Toolbar } from '../../shell/components/index.ts';
import { shownPlaces } from '../../shell/state.ts';
import { chosenPair, type FunctionPair, functionPairs, isPairChanged, shownLineCount } from './model.ts';
import { Remarks } from './remarks.tsx';
import { Rewrites } from './rewrites.tsx';
import { chosenFunction, chosenTab, query, stepChange, tabOf } from './state.ts';
import { DiffText, IrText } from './text-pane.tsx';

export interface DetailsProps {
  readonly section: PipelineSection;
  readonly pass: number;
}

export function Details({ section, pass }: DetailsProps) {
  const row = section.passes[pass];
  const rows = useMemo(() => withParts(section, pass), [section, pass]);
  const numbers = useMemo(() => rows.map((each) => section.passes.indexOf(each)), [section, rows]);
  if (row === undefined) return <Empty>No pass</Empty>;
  const tab = tabOf(chosenTab.value);
  const places = shownPlaces.value;
  const lists = { section, passes: numbers, query: query.value.toLowerCase(), places };
  return (
    <div class="pipeline-details">
      <Tabs rows={rows} />
      {tab === 'rewrites' ? (
        <Rewrites {...lists} />
      ) : tab === 'remarks' ? (
        <Remarks {...lists} />
      ) : (
        <Text section={section} row={row} isDiff={tab === 'diff'} />
      )}
    </div>
  );
}

function Tabs({ rows }: { readonly rows: readonly PassRow[] }) {
  const places = shownPlaces.value;
  const isShown = (place: number | undefined): boolean => places?.has(place ?? 0) ?? true;
  const rewrites = rows.reduce(
    (sum, { rewrites: { count, place } }) =>
      sum + count.reduce((inner, uses, at) => inner + (isShown(place[at]) ? uses : 0), 0),
    0,
  );
  const remarks = rows.reduce((sum, { remarks: all }) => sum + all.filter(({ place }) => isShown(place)).length, 0);
  const counted = (title: string, count: number): string => (count === 0 ? title : `${title} ${formatCount(count)}`);
  return (
    <Toolbar label="What to show">
      <Choice
        label="What to show of the pass"
        value={tabOf(chosenTab.value)}
        options={[
          { value: 'diff', title: 'Diff', hint: 'The IR before and after the pass (d)' },
          { value: 'rewrites', title: counted('Rewrites', rewrites), hint: 'Each use of a rule (r)' },
          { value: 'remarks', title: counted('Remarks', remarks), hint: 'Rules that nearly applied, and why not (m)' },
          { value: 'ir', title: 'IR', hint: 'The IR after the pass (i)' },
        ]}
        onChange={(value) => (chosenTab.value = value)}
      />
    </Toolbar>
  );
}

interface TextPaneProps {
  readonly section: PipelineSection;
  readonly row: PassRow;
  readonly isDiff: boolean;
}

function Text({ section, row, isDiff }: TextPaneProps) {
  const pairs = useMemo(() => functionPairs(section, row), [section, row]);
  const pair = chosenPair(pairs, chosenFunction.value);
  if (row.to === null || pair === null)
    return <Empty>No IR: this phase makes instructions, which the kernels show</Empty>;
  const text = { section, pair, query: query.value, shown: shownPlaces.value };
  const isLeftOut = (pair.after ?? pair.before)?.runs === null;
  return (
    <div class="pipeline-text">
      <Toolbar label="Function">
        <FunctionChoice section={section} pairs={pairs} chosen={pair} />
        <Spring />
        {isDiff && (
          <>
            <Button title="Previous change (p)" onClick={() => stepChange(false)}>
              ↑ change
            </Button>
            <Button title="Next change (n)" onClick={() => stepChange(true)}>
              ↓ change
            </Button>
          </>
        )}
      </Toolbar>
      {isLeftOut ? (
        <Empty>The text of this function was left out of the report: {section.omitted.join('; ')}</Empty>
      ) : isDiff && row.from !== null ? (
        <DiffText {...text} />
      ) : (
        <IrText {...text} />
      )}
    </div>
  );
}

interface FunctionChoiceProps {
  readonly section: PipelineSection;
  readonly pairs: readonly FunctionPair[];
  readonly chosen: FunctionPair;
}

/** Functions, those that changed first. */
function FunctionChoice({ section, pairs, chosen }: FunctionChoiceProps) {
  const places = shownPlaces.value;
  const sorted = [...pairs.filter(isPairChanged), ...pairs.filter((pair) => !isPairChanged(pair))];
  const options = sorted.map((pair) => ({ value: pair.name, title: titleOf(section, pair, places) }));
  return (
    <>
      <Select
        label="Function"
        value={chosen.name}
        options={options}
        onChange={(value) => (chosenFunction.value = value)}
      />
      <span class="faint">
        {formatCount(pairs.filter(isPairChanged).length)} of {formatCount(pairs.length)} changed
      </span>
    </>
  );
}

function titleOf(section: PipelineSection, pair: FunctionPair, places: ReadonlySet<number> | null): string {
  const { name, before, after } = pair;
  const kind = before === null ? 'new' : after === null ? 'gone' : isPairChanged(pair) ? 'changed' : 'same';
  const lines = places === null ? 0 : shownLineCount(section, after ?? before, places);
  return `@${name} · ${kind}${lines > 0 ? ` · ${formatCount(lines)} lines of the filter` : ''}`;
}
