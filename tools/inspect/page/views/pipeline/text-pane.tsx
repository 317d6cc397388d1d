/** IR as text: side by side before and after a pass, or alone. */
import type { MergeView } from '@codemirror/merge';
import type { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'preact/hooks';
import type { PipelineSection } from '../../../report/index.ts';
import { Empty } from '../../shell/components/index.ts';
import { placeLabel, report, selectPlace } from '../../shell/state.ts';
import { irDiff, irEditor, isSeen, type Places, revealLine, showMarks, stepChange } from './code.ts';
import { type FunctionPair, isPairChanged, type PlacedText, placedText } from './model.ts';
import { change, jump } from './state.ts';

const places: Places = {
  label: placeLabel,
  shortLabel: (place) => placeLabel(place).replace(/^.*:/, ''),
  choose: selectPlace,
};

export interface TextProps {
  readonly section: PipelineSection;
  readonly pair: FunctionPair;
  readonly query: string;
  readonly shown: ReadonlySet<number> | null;
}

/** An editor with the text in it. */
interface Side {
  readonly view: EditorView;
  readonly placed: PlacedText;
}

export function DiffText({ section, pair, query, shown }: TextProps) {
  const element = useRef<HTMLDivElement | null>(null);
  const sides = useRef<readonly Side[]>([]);
  const merge = useRef<MergeView | null>(null);
  const isSame = !isPairChanged(pair);
  useEffect(() => {
    if (element.current === null || isSame) return;
    const [before, after] = [placedText(section, pair.before), placedText(section, pair.after)];
    const view = irDiff(element.current, before, after, places);
    merge.current = view;
    sides.current = [
      { view: view.b, placed: after },
      { view: view.a, placed: before },
    ];
    return () => {
      view.destroy();
      merge.current = null;
      sides.current = [];
    };
  }, [section, pair.before, pair.after]);
  useMarks(sides, query, shown, pair);
  const stepped = useRef(change.value.count);
  useEffect(() => {
    if (merge.current !== null && stepped.current !== change.value.count)
      stepChange(merge.current, change.value.forward);
    stepped.current = change.value.count;
  }, [change.value]);
  if (isSame) return <Empty>This pass left @{pair.name} as it was</Empty>;
  return <div class="pipeline-diff" ref={element} />;
}

export function IrText({ section, pair, query, shown }: TextProps) {
  const element = useRef<HTMLDivElement | null>(null);
  const sides = useRef<readonly Side[]>([]);
  const text = pair.after ?? pair.before;
  useEffect(() => {
    if (element.current === null) return;
    const placed = placedText(section, text);
    const view = irEditor(element.current, placed, places, `IR of @${pair.name}`);
    sides.current = [{ view, placed }];
    return () => {
      view.destroy();
      sides.current = [];
    };
  }, [section, text]);
  useMarks(sides, query, shown, pair);
  return <div class="pipeline-ir" ref={element} />;
}

/** Marks what passes the filter and what is searched, and goes to the first line of it, or to what was clicked. */
function useMarks(
  sides: { readonly current: readonly Side[] },
  query: string,
  shown: ReadonlySet<number> | null,
  pair: FunctionPair,
): void {
  useEffect(() => {
    for (const { view, placed } of sides.current) showMarks(view, placed, { places: shown, query });
    if (shown !== null) reveal(sides.current, (place) => shown.has(place));
  }, [query, shown, pair.before, pair.after]);
  useEffect(() => {
    const target = jump.value;
    if (target === null) return;
    const wanted = target.places[target.count % target.places.length];
    const isAt = (place: number): boolean => place === wanted;
    const isNear = (place: number): boolean => isAt(place) || shareLine(place, wanted ?? 0);
    const names = (line: string): boolean => line.includes(target.word);
    const tries: readonly ((place: number, line: string) => boolean)[] = [
      (place, line) => isAt(place) && names(line),
      (place, line) => isNear(place) && names(line),
      isNear,
    ];
    tries.find((isWanted) => reveal(sides.current, isWanted));
  }, [jump.value, pair.before, pair.after]);
}

/** Whether two places have a line of the user in common, as an operation and one that was folded into it. */
function shareLine(left: number, right: number): boolean {
  const places = report.value?.head.places ?? [];
  const others = places[right]?.positions ?? [];
  return (places[left]?.positions ?? []).some((position) =>
    others.some(({ file, line }) => file === position.file && line === position.line),
  );
}

/** Goes to the first line that is wanted, in the text after the pass if there is one; false where there is none. */
function reveal(sides: readonly Side[], isWanted: (place: number, line: string) => boolean): boolean {
  for (const { view, placed } of sides) {
    const { doc } = view.state;
    const isWantedLine = (place: number, { from, text }: { readonly from: number; readonly text: string }): boolean =>
      isWanted(place, text) && isSeen(view, from);
    const at = placed.places.findIndex((place, index) => index < doc.lines && isWantedLine(place, doc.line(index + 1)));
    if (at < 0) continue;
    revealLine(view, at + 1);
    return true;
  }
  return false;
}
