/** Watches the passes of a compilation and makes the pipeline section of its report. */
import type { Module } from '../../../../compiler/ir/index.ts';
import { opTable } from '../../../../compiler/ir/ops/index.ts';
import type { Instrumentation, Pass } from '../../../../compiler/passes/pass/index.ts';
import type { RulePlace } from '../../../build/rule-places.ts';
import type { Compilation } from '../../../msc/compile.ts';
import type { IrSize, PassRow, PipelineSection, RuleRow } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { EventTable } from './events.ts';
import { knownRulePlaces, RuleFinder } from './rules.ts';
import { sizeOf } from './size.ts';
import { TextStore } from './text.ts';

export { knownRulePlaces, RuleFinder, templatePattern } from './rules.ts';

/** The module at a time: its snapshot and size. */
interface State {
  readonly snapshot: number;
  readonly size: IrSize;
}

/** A pass that runs. */
interface Running {
  readonly row: number;
  readonly before: State;
  /** Where the next part begins. */
  part: State;
  events: EventTable;
  hasParts: boolean;
}

type Draft = { -readonly [Key in keyof PassRow]: PassRow[Key] };

const nothing = new EventTable({ rule: () => 0, word: () => 0, place: () => 0 }).rewrites;

export class PipelineRecorder {
  readonly instrumentation: Instrumentation;
  readonly #places: PlaceTable;
  readonly #texts: TextStore;
  readonly #finder: RuleFinder;
  readonly #passes: Draft[] = [];
  readonly #rules = new Numbered<RuleRow>();
  readonly #words = new Numbered<string>();
  readonly #snapshots: (readonly number[])[] = [];
  readonly #snapshotNumbers = new Map<string, number>();
  readonly #omitted: string[] = [];
  #state: State | null = null;
  #running: Running | null = null;
  /** Passes before this one belong to a phase that is over. */
  #phaseBegin = 0;

  constructor(places: PlaceTable, rules: readonly RulePlace[] = knownRulePlaces()) {
    this.#places = places;
    this.#texts = new TextStore(opTable, (location) => this.#places.number(location));
    this.#finder = new RuleFinder(rules);
    this.instrumentation = {
      before: (pass, module) => this.#before(pass, module),
      after: (_, module, __, milliseconds) => this.#after(module, milliseconds),
      rewritten: (_, event) => {
        event.op.results.forEach((result, index) => {
          const value = event.values[index];
          if (value !== undefined) this.#texts.names.replace(result, value);
        });
        this.#running?.events.rewritten(event);
      },
      moved: (_, value, copy) => this.#texts.names.replace(value, copy),
      remark: (_, remark) => this.#running?.events.remark(remark),
      part: (_, part, module, milliseconds) => this.#part(part, module, milliseconds),
    };
  }

  /** A stage is reached: what ran since the last one led to it. */
  visit(stage: string, module: Module): void {
    if (this.#state === null) {
      this.#state = this.#take(module);
      const { snapshot, size } = this.#state;
      this.#passes.push({ ...this.#row('frontend'), after: size, to: snapshot });
      this.#noteOmitted('frontend', 'msc compile --compile-to=source');
    }
    for (const pass of this.#passes.slice(this.#phaseBegin)) pass.phase = stage;
    this.#phaseBegin = this.#passes.length;
  }

  /** After the compilation, with or without errors. */
  finish({ timings, program }: Pick<Compilation, 'timings' | 'program'>): PipelineSection {
    const millisecondsOf = (names: readonly string[]): number =>
      timings.find(({ name }) => names.includes(name))?.milliseconds ?? 0;
    const [first] = this.#passes;
    if (first?.name === 'frontend') {
      first.name = timings[0]?.name ?? first.name;
      first.milliseconds = millisecondsOf([first.name]);
    }
    for (const pass of this.#passes.slice(this.#phaseBegin)) pass.phase = 'stopped';
    this.#phaseBegin = this.#passes.length;
    if (program !== null)
      this.#passes.push({ ...this.#row('select'), phase: 'program', milliseconds: millisecondsOf(['select']) });
    return {
      kind: 'pipeline',
      passes: this.#passes,
      rules: this.#rules.items,
      words: this.#words.items,
      lines: this.#texts.lines,
      functions: this.#texts.functions,
      snapshots: this.#snapshots,
      omitted: this.#omitted,
    };
  }

  #before({ name }: Pass, module: Module): void {
    const before = this.#state ?? this.#take(module);
    const row = this.#passes.push({ ...this.#row(name), before: before.size, from: before.snapshot }) - 1;
    this.#running = { row, before, part: before, events: this.#events(), hasParts: false };
  }

  #part(name: string, module: Module, milliseconds: number): void {
    const running = this.#running;
    if (running === null) return;
    const after = this.#take(module);
    this.#passes.push({
      ...this.#row(name),
      partOf: running.row,
      milliseconds,
      before: running.part.size,
      after: after.size,
      from: running.part.snapshot,
      to: after.snapshot,
      ...this.#told(running.events, name, this.#passes[running.row].name),
    });
    running.part = after;
    running.events = this.#events();
    running.hasParts = true;
  }

  #after(module: Module, milliseconds: number): void {
    const running = this.#running;
    if (running === null) return;
    const after = this.#take(module);
    const row = this.#passes[running.row];
    Object.assign(row, {
      milliseconds,
      after: after.size,
      to: after.snapshot,
      ...this.#told(running.events, row.name, row.name),
    });
    this.#state = after;
    this.#running = null;
  }

  #take(module: Module): State {
    const functions = this.#texts.take(module);
    const key = functions.join();
    const snapshot = this.#snapshotNumbers.get(key) ?? this.#snapshots.push(functions) - 1;
    this.#snapshotNumbers.set(key, snapshot);
    return { snapshot, size: sizeOf(module) };
  }

  #row(name: string): Draft {
    const none = { before: null, after: null, from: null, to: null };
    return { name, phase: 'stopped', partOf: null, milliseconds: 0, ...none, rewrites: nothing, remarks: [] };
  }

  /** What a pass, or a part of one, told; `pass` is the name under which its IR can be printed. */
  #told(events: EventTable, name: string, pass: string): Pick<PassRow, 'rewrites' | 'remarks'> {
    if (events.dropped > 0)
      this.#omitted.push(`${events.dropped} rewrites and remarks of ${name}; msc opt --remarks prints all`);
    this.#noteOmitted(name, `msc compile --print-ir-after=${pass}`);
    return { rewrites: events.rewrites, remarks: events.remarks };
  }

  #noteOmitted(name: string, command: string): void {
    const left = this.#texts.omitted.splice(0);
    if (left.length === 0) return;
    const functions = left.length === 1 ? left[0] : `${left.length} functions from ${left[0]} on`;
    this.#omitted.push(`the text of ${functions} after ${name}; ${command} prints it`);
  }

  #events(): EventTable {
    return new EventTable({
      rule: (name) => this.#rules.number(name, () => this.#finder.find(name)),
      word: (text) => this.#words.number(text, () => text),
      place: (location) => this.#places.number(location),
    });
  }
}

/** Items by key, numbered as they come. */
class Numbered<Item> {
  readonly items: Item[] = [];
  readonly #numbers = new Map<string, number>();

  number(key: string, make: () => Item): number {
    const known = this.#numbers.get(key) ?? this.items.push(make()) - 1;
    this.#numbers.set(key, known);
    return known;
  }
}
