/** Rewrites and remarks of one pass, equal ones at one place as one row. */
import type { Location, Operation, Value } from '../../../../compiler/ir/index.ts';
import { definingOperation } from '../../../../compiler/ir/index.ts';
import type { Remark, RewriteEvent } from '../../../../compiler/passes/rewrite/index.ts';
import type { RemarkRow, Rewrites } from '../../report/index.ts';

/** Rows of each kind that a pass may have; a report of more would be read by nobody. */
const MOST_ROWS = 50_000;
/** Different names of operations in the text of what a rule made. */
const MOST_NAMES = 6;

/** Numbers for names: of rules, of words, of locations. */
export interface EventNumbers {
  readonly rule: (name: string) => number;
  readonly word: (text: string) => number;
  readonly place: (location: Location) => number;
}

export class EventTable {
  readonly remarks: RemarkRow[] = [];
  /** Rows that did not fit. */
  dropped = 0;
  readonly #numbers: EventNumbers;
  readonly #rows = { rule: [] as number[], op: [] as number[], became: [] as number[], place: [] as number[] };
  readonly #counts: number[] = [];
  readonly #known = new Map<string, number>();
  readonly #knownRemarks = new Map<string, number>();

  constructor(numbers: EventNumbers) {
    this.#numbers = numbers;
  }

  get rewrites(): Rewrites {
    return { ...this.#rows, count: this.#counts };
  }

  rewritten({ rule, op, made, values }: RewriteEvent): void {
    const { rule: ruleNumber, word, place } = this.#numbers;
    const row = [ruleNumber(rule), word(op.name), word(becameText(op, made, values)), place(op.location)] as const;
    const at = this.#find(this.#known, row.join(), this.#counts.length);
    if (at === null) return;
    if (at < this.#counts.length) {
      this.#counts[at]++;
      return;
    }
    const { rule: rules, op: ops, became, place: places } = this.#rows;
    [rules, ops, became, places].forEach((column, index) => column.push(row[index]));
    this.#counts.push(1);
  }

  remark({ kind, rule, reason, op, location }: Remark): void {
    const { rule: ruleNumber, word, place } = this.#numbers;
    const row = { rule: ruleNumber(rule), op: word(op), reason: word(reason), place: place(location) };
    const at = this.#find(this.#knownRemarks, `${kind} ${Object.values(row).join()}`, this.remarks.length);
    if (at === null) return;
    const known = this.remarks[at] as RemarkRow | undefined; // one past the end is a new row
    this.remarks[at] = { kind, ...row, count: (known?.count ?? 0) + 1 };
  }

  /** The row of a key, the next one for a new key, or null when there are too many. */
  #find(known: Map<string, number>, key: string, next: number): number | null {
    const at = known.get(key) ?? next;
    if (at >= MOST_ROWS) {
      this.dropped++;
      return null;
    }
    known.set(key, at);
    return at;
  }
}

/** What stands for an operation now. */
function becameText(op: Operation, made: readonly Operation[], values: readonly Value[]): string {
  if (made.length > 0) return madeText(made);
  if (values.length === 0) return op.results.length === 0 ? 'nothing' : 'nothing: no kernel and no operation';
  const [value] = values;
  const maker = definingOperation(value);
  return maker === null ? 'an argument' : maker === op ? 'itself with other operands' : `the result of ${maker.name}`;
}

function madeText(made: readonly Operation[]): string {
  const counts = new Map<string, number>();
  for (const op of made) counts.set(shownName(op), (counts.get(shownName(op)) ?? 0) + 1);
  const names = [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more kinds` : names.join(', ');
}

/** A launch with its kernel, which is what was chosen. */
function shownName(op: Operation): string {
  const kernel = op.attributes.get('kernel');
  return kernel?.kind === 'symbol' ? `${op.name} @${kernel.name}` : op.name;
}
