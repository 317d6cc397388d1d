/** The ops manual, generated from the definitions: spec/ops.md and the table of this room's README. */
import type { AttributeSlot, Slot } from '../core/definition.ts';
import { isAbsent } from '../core/definition.ts';
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

/** The reference of all tensor ops as Markdown, by family. */
export function renderOpsManual(): string {
  const families = [...new Set(rows.map((row) => row.family))];
  const parts = families.map((family) =>
    [`## ${family}`, ...rows.filter((row) => row.family === family).map(renderRow)].join('\n\n'),
  );
  return [`${rows.length} ops in ${families.length} families.`, ...parts].join('\n\n') + '\n';
}

function renderRow(row: TensorOpDefinition): string {
  const lines = [`### ${row.name}`, '', row.summary, ''];
  for (const slot of row.operands) lines.push(`- operand ${slotText(slot)}: ${slot.accepts.text}`);
  for (const attribute of row.attributes)
    lines.push(`- attribute \`${attribute.name}\` (${kindText(attribute)}): ${attribute.summary}`);
  for (const slot of row.results) lines.push(`- result ${slotText(slot)}: ${slot.accepts.text}`);
  for (const constraint of row.constraints) lines.push(`- (${constraint.label}) ${constraint.text}`);
  if (row.traits.length > 0) lines.push(`- traits: ${row.traits.join(', ')}`);
  if (isAbsent(row.infer)) lines.push(`- types are not inferred: ${row.infer.absent}`);
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
