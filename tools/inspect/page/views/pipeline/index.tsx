/** The pipeline view: what each pass of the compiler did to the network. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { isChanged, type PipelineSection } from '../../../report/index.ts';
import {
  Empty,
  formatCount,
  Loading,
  SearchField,
  Split,
  Spring,
  Toggle,
  Toolbar,
} from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { useSection } from '../../shell/section.ts';
import { shownPlaces } from '../../shell/state.ts';
import type { SearchItem, View } from '../../shell/view.ts';
import { Details } from './details.tsx';
import { keyHelp, pressed } from './keys.ts';
import { listRows, passItems, type PassItem } from './model.ts';
import { Passes } from './passes.tsx';
import { chosenPass, query, showsUnchanged } from './state.ts';
import './pipeline.css';

export const pipelineView: View = {
  name: 'pipeline',
  title: 'Pipeline',
  isPresent: (report) => report.has('pipeline'),
  Component: PipelineView,
  items: async (report) => searchItems(await report.section('pipeline')),
  keys: keyHelp,
};

function searchItems({ passes, rules }: PipelineSection): readonly SearchItem[] {
  const open = (pass: number) => () => {
    chosenPass.value = String(pass);
  };
  const rows = passes.map(({ name, phase }, pass) => ({ label: name, detail: phase, kind: 'pass', open: open(pass) }));
  const uses = rules.map(({ name, file, line }, rule) => ({
    label: name,
    detail: `${file}:${line}`,
    kind: 'rule',
    open: open(
      passes.findIndex(
        ({ rewrites, remarks }) => rewrites.rule.includes(rule) || remarks.some((remark) => remark.rule === rule),
      ),
    ),
  }));
  return [...rows, ...uses];
}

function PipelineView({ report }: { readonly report: LoadedReport }) {
  const section = useSection(report, 'pipeline');
  if (section === null) return <Loading />;
  if (section.passes.length === 0) return <Empty>No pass ran</Empty>;
  return <Pipeline section={section} />;
}

function Pipeline({ section }: { readonly section: PipelineSection }) {
  const root = useRef<HTMLDivElement | null>(null);
  const wanted = { showsUnchanged: showsUnchanged.value, query: query.value, places: shownPlaces.value };
  const items = useMemo(() => passItems(section, wanted), [section, wanted.query, wanted.places]);
  const { rows, hidden } = listRows(items, wanted);
  const chosen = chosenNumber(items, chosenPass.value);
  const choose = (pass: number): void => {
    chosenPass.value = String(pass);
  };
  const focusSearch = (): void => root.current?.querySelector<HTMLElement>('input[type="search"], input')?.focus();
  const context = useRef({ rows, chosen, choose, focusSearch });
  context.current = { rows, chosen, choose, focusSearch };
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
      if (pressed(event.key, context.current)) event.preventDefault();
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
  return (
    <div class="pipeline-view" ref={root}>
      <Toolbar label="Pipeline">
        <SearchField
          label="Search passes, rules, remarks and IR"
          value={query.value}
          onInput={(value) => (query.value = value)}
        />
        {query.value === '' && (
          <Toggle
            isOn={showsUnchanged.value}
            onChange={(isOn) => (showsUnchanged.value = isOn)}
            title="Passes that changed nothing and have nothing to say (u)"
          >
            {formatCount(hidden)} that changed nothing
          </Toggle>
        )}
        <Spring />
        {section.omitted.length > 0 && (
          <span class="pipeline-missed" title={section.omitted.join('\n')}>
            left out: {section.omitted.join('; ')}
          </span>
        )}
      </Toolbar>
      <Split
        name="pipeline"
        direction="columns"
        initial={0.34}
        least={260}
        first={<Passes rows={rows} chosen={chosen} onChoose={choose} />}
        second={chosen === null ? <Empty>No pass is chosen</Empty> : <Details section={section} pass={chosen} />}
      />
    </div>
  );
}

/** The pass that is asked for, else the first that changed something. */
function chosenNumber(items: readonly PassItem[], asked: string): number | null {
  const number = asked === '' ? -1 : Number(asked);
  const found = items.find((item) => item.number === number);
  const changed = items.find(({ row }) => row.before !== null && isChanged(row));
  return (found ?? changed ?? items[0])?.number ?? null;
}

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
