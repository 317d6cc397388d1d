/** Reads a report back from its page or from JSON, as `--compare` does. The text may come from anywhere. */
import { inflateRawSync } from 'node:zlib';
import { failure, ok, type Result } from '../../../compiler/ir/support/index.ts';
import { REPORT_SCHEMA, type Report, sectionNames } from '../report/index.ts';

/** What a section may unpack to; a report of the largest networks takes a tenth. */
const LARGEST_SECTION = 2 ** 30;

const sectionElement =
  /<script type="application\/octet-stream" data-section="(\w+)"[^>]*>([A-Za-z0-9+/=]*)<\/script>/g;

/** A report from the text of an HTML file that msc wrote, from `--json`'s answer, or from the page's JSON export. */
export function readReport(text: string): Result<Report> {
  const parts = text.trimStart().startsWith('{') ? jsonParts(text) : pageParts(text);
  return parts.ok ? reportOf(parts.value) : parts;
}

/** A report that was not looked at yet. */
interface Parts {
  readonly head: unknown;
  readonly sections: Readonly<Record<string, unknown>>;
}

function jsonParts(text: string): Result<Parts> {
  const read = parsed(text);
  if (!read.ok) return failure(`no report: ${read.error}`);
  const outer = read.value;
  const report = isRecord(outer) && isRecord(outer.report) ? outer.report : outer;
  return isRecord(report) && isRecord(report.head) && isRecord(report.sections)
    ? ok({ head: report.head, sections: report.sections })
    : failure('no report: the JSON has no head and sections');
}

function pageParts(text: string): Result<Parts> {
  const found: Record<string, unknown> = {};
  for (const [, name = '', packed = ''] of text.matchAll(sectionElement)) {
    const section = unpacked(packed);
    if (!section.ok) return failure(`the report is damaged: section '${name}': ${section.error}`);
    found[name] = section.value;
  }
  const { head, ...sections } = found;
  return head === undefined ? failure('no report: the page holds none') : ok({ head, sections });
}

function unpacked(packed: string): Result<unknown> {
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: LARGEST_SECTION });
    return parsed(bytes.toString('utf8'));
  } catch (error) {
    return failure(messageOf(error));
  }
}

function parsed(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return failure(messageOf(error));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Checks the head in full, and of each section that it is the one it says it is. */
function reportOf({ head, sections }: Parts): Result<Report> {
  const schema = isRecord(head) ? head.schema : undefined;
  if (schema !== REPORT_SCHEMA)
    return failure(
      `the report is of another version of msc: schema ${String(schema)}, this one reads ${REPORT_SCHEMA}`,
    );
  const wrong = brokenPart(head, headShape, 'head');
  if (wrong !== null) return failure(`the report is damaged: ${wrong}`);
  const known = sectionNames.filter((name) => sections[name] !== undefined);
  const strange = known.find((name) => !isRecord(sections[name]) || sections[name].kind !== name);
  if (strange !== undefined) return failure(`the report is damaged: section '${strange}' is something else`);
  const kept = Object.fromEntries(known.map((name) => [name, sections[name]]));
  return ok({ head, sections: kept } as Report); // the head was checked; a section is what msc writes under its name
}

/** What a value must be: a type, null or a type, a list, or a record of such. */
type Shape = 'string' | 'number' | 'string?' | readonly [Shape] | { readonly [name: string]: Shape };

const headShape: Shape = {
  schema: 'number',
  version: 'string',
  subject: {
    command: 'string',
    file: 'string',
    entry: 'string?',
    inputs: ['string'],
    target: 'string',
    cluster: 'string?',
  },
  facts: [{ name: 'string', value: 'string', view: 'string?' }],
  diagnostics: [{ severity: 'string', code: 'string', message: 'string', help: 'string?', place: 'number' }],
  sources: [{ name: 'string', text: 'string' }],
  places: [
    {
      positions: [{ file: 'number', line: 'number', column: 'number' }],
      cell: 'string',
      cellClass: 'string',
      text: 'string',
    },
  ],
};

/** Where a value is not of a shape, in words, or null. */
function brokenPart(value: unknown, shape: Shape, path: string): string | null {
  if (typeof shape === 'string') {
    const isRight = shape === 'string?' ? value === null || typeof value === 'string' : typeof value === shape;
    return isRight ? null : `${path} is no ${shape.replace('?', ' or null')}`;
  }
  if (isListShape(shape)) {
    if (!Array.isArray(value)) return `${path} is no list`;
    return firstOf(value, (item, index) => brokenPart(item, shape[0], `${path}[${index}]`));
  }
  if (!isRecord(value)) return `${path} is no record`;
  return firstOf(Object.entries(shape), ([name, inner]) => brokenPart(value[name], inner, `${path}.${name}`));
}

function firstOf<Item>(items: readonly Item[], find: (item: Item, index: number) => string | null): string | null {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== null) return found;
  }
  return null;
}

const isListShape = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
