/** The ops manual, generated from the definitions: spec/ops.md and the table of this room's README. */
import type { AttributeSlot, OpDefinition, Slot } from '../core/definition.ts';
import { isAbsent } from '../core/definition.ts';
import { baseOpTable } from './all.ts';
import type { TensorOpDefinition } from './define.ts';
import { tensorOps } from './table.ts';

const rows: readonly TensorOpDefinition[] = Object.values(tensorOps);

/** One line for each op: name, operands, attributes, results. */
export function renderOpsTable(): string {
  const lines = rows.map(
    (row) =>
      `| \`${row.name}\` | ${slots(row.operands)} | ${row.attributes.map(attributeText).join(', ')} | ${slots(row.results)} |`,
  );
  return ['| op | operands | attributes | results |', '|---|---|---|---|', ...lines].join('\n');
}

/** The reference of all ops as Markdown, by family: the tensor ops, then what stands around them. */
export function renderOpsManual(): string {
  const around = [...baseOpTable.values()];
  const [inner, outer] = [familiesOf(rows, renderTensorRow), familiesOf(around, renderRow)];
  const count = `${rows.length} tensor ops in ${inner.length} families, then ${around.length} other ops in ${outer.length}.`;
  return [count, ...inner, ...outer].join('\n\n') + '\n';
}

function familiesOf<Row extends OpDefinition>(list: readonly Row[], render: (row: Row) => string): readonly string[] {
  return [...new Set(list.map((row) => row.family))].map((family) =>
    [`## ${family}`, ...list.filter((row) => row.family === family).map(render)].join('\n\n'),
  );
}

function renderRow(row: OpDefinition): string {
  const lines = [`### ${row.name}`, '', row.summary, ''];
  for (const slot of row.operands) lines.push(`- operand ${slotText(slot)}: ${slot.accepts.text}`);
  for (const attribute of row.attributes)
    lines.push(
      `- attribute \`${attribute.name}\` (${kindText(attribute)}${attribute.required ? '' : ', optional'}): ${attribute.summary}`,
    );
  if (row.regions.length > 0) lines.push(`- regions: ${row.regions.join(', ')}`);
  for (const slot of row.results) lines.push(`- result ${slotText(slot)}: ${slot.accepts.text}`);
  for (const constraint of row.constraints) lines.push(`- (${constraint.label}) ${constraint.text}`);
  if (row.traits.length > 0) lines.push(`- traits: ${row.traits.join(', ')}`);
  if (isAbsent(row.infer)) lines.push(`- types are not inferred: ${row.infer.absent}`);
  return lines.join('\n');
}

/** With the columns that only tensor ops have. */
function renderTensorRow(row: TensorOpDefinition): string {
  const lines = [renderRow(row)];
  if (isAbsent(row.axes)) lines.push(`- no index notation: ${row.axes.absent}`);
  if (!isAbsent(row.decompose)) lines.push('- decomposes into other ops');
  return lines.join('\n');
}

const slots = (list: readonly Slot[]): string => list.map(slotText).join(', ');

const MARKS: Readonly<Record<Slot['arity'], string>> = { one: '', optional: '?', variadic: '…' };
const slotText = (slot: Slot): string => `${slot.name}${MARKS[slot.arity]}`;

const kindText = (attribute: AttributeSlot): string =>
  attribute.choices?.map((choice) => `"${choice}"`).join(' or ') ?? attribute.kind;
const attributeText = (attribute: AttributeSlot): string =>
  `${attribute.name}: ${kindText(attribute).replaceAll('|', '\\|')}`;
