/** How reports are set in a terminal: colours, widths, columns. What comes from the user's files is shown as printable characters. */

export interface TextOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Codes that begin and end a style: ECMA-48, SGR. */
const styles = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], cyan: [36, 39] } as const;

export type Style = (text: string) => string;
export type Colors = Readonly<Record<keyof typeof styles, Style>>;

export function colorsOf({ color }: TextOptions): Colors {
  const style = ([begin, end]: readonly [number, number]): Style =>
    color ? (text) => `\u001b[${begin}m${text}\u001b[${end}m` : (text) => text;
  const { bold, dim, red, yellow, cyan } = styles;
  return { bold: style(bold), dim: style(dim), red: style(red), yellow: style(yellow), cyan: style(cyan) };
}

/** Tabs become spaces, other characters that a terminal obeys become `·`. */
export const printable = (text: string): string =>
  text.replaceAll('\t', '    ').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');

/** A text of at most so many characters; what is cut off is said by `…`. */
export const clipped = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/** A cell of a table; the style is put on after the widths are known. */
export interface TextCell {
  readonly text: string;
  readonly style?: Style;
}

export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Columns as wide as their widest cell; the last one gets what is left of the width, but is never cut below `LEAST`. */
const LEAST = 16;

/** Lines of a table. Empty columns are left out. */
export function table(
  columns: readonly TextColumn[],
  rows: readonly (readonly TextCell[])[],
  options: TextOptions,
): readonly string[] {
  const { dim } = colorsOf(options);
  const used = columns.map((_, index) => index).filter((index) => rows.some((row) => row[index].text !== ''));
  const last = used.at(-1);
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => row[index].text.length)),
  );
  const before = used.reduce((sum, index) => sum + (index === last ? 0 : widths[index] + 2), 0);
  if (last !== undefined) widths[last] = Math.min(widths[last], Math.max(LEAST, options.width - before));
  const line = (cells: readonly TextCell[]): string =>
    used
      .map((index) =>
        set(cells[index], widths[index], index === last ? 'last' : columns[index].align, columns[index].align),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => ({ text: title, style: dim }))), ...rows.map(line)];
}

/** A cell in its width; nothing follows the last one, so it needs no padding at its right. */
function set(
  { text, style = (plain) => plain }: TextCell,
  width: number,
  position: 'left' | 'right' | 'last',
  align: TextColumn['align'],
): string {
  const shown = clipped(text, width);
  if (align === 'right') return ' '.repeat(width - shown.length) + style(shown);
  return style(shown) + (position === 'last' ? '' : ' '.repeat(width - shown.length));
}
