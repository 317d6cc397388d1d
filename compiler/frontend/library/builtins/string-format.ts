/** `str.format`: replacement fields `{name.attr[key]!r:spec}` with nested specifications. */
import {
  indexError,
  keyError,
  PyDict,
  PyTuple,
  reprText,
  tableGet,
  valueError,
  type Interpreter,
  type PyValue,
} from '../../eval/index.ts';

/** A piece of a format string: literal text, or a field. */
export type Piece =
  { readonly text: string } | { readonly field: string; readonly conversion: string; readonly specification: string };

/** Finds the `}` that closes the field starting at `start`. */
function fieldEnd(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  throw valueError("expected '}' before end of string");
}

function parseField(content: string): Piece {
  const found = /^((?:[^!:[]|\[[^\]]*\])*)(?:!([a-zA-Z]))?(?::(.*))?$/s.exec(content);
  if (!found) throw valueError("expected ':' after conversion specifier");
  return { field: found[1], conversion: found[2] ?? '', specification: found[3] ?? '' };
}

/** Splits a format string into its pieces. */
export function parseFormat(text: string): Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if ((char === '{' || char === '}') && text[at + 1] === char) {
      literal += char;
      at++;
    } else if (char === '}') throw valueError("Single '}' encountered in format string");
    else if (char === '{') {
      if (at + 1 === text.length) throw valueError("Single '{' encountered in format string");
      if (literal) pieces.push({ text: literal });
      literal = '';
      const end = fieldEnd(text, at + 1);
      pieces.push(parseField(text.slice(at + 1, end)));
      at = end;
    } else literal += char;
  }
  if (literal) pieces.push({ text: literal });
  return pieces;
}

/** The arguments of a `format` call, and the numbering of `{}`. */
interface Arguments {
  readonly positional: readonly PyValue[];
  readonly keyword: (name: string) => PyValue;
  automatic: number;
}

function lookUp(py: Interpreter, field: string, given: Arguments): PyValue {
  const [, head, tail] = /^([^.[]*)(.*)$/s.exec(field) ?? ['', field, ''];
  let value: PyValue;
  if (head === '' || /^\d+$/.test(head)) {
    if ((head === '') !== given.automatic >= 0 && given.automatic !== 0)
      throw valueError('cannot switch from manual field specification to automatic field numbering');
    const index = head === '' ? given.automatic++ : Number(head);
    if (index >= given.positional.length)
      throw indexError(`Replacement index ${index} out of range for positional args tuple`);
    value = given.positional[index];
  } else value = given.keyword(head);
  for (const [, attribute, key] of tail.matchAll(/\.([^.[]+)|\[([^\]]*)\]/gs)) {
    if (attribute !== undefined) value = py.getAttribute(value, attribute);
    else value = py.getItem(value, /^\d+$/.test(key) ? Number(key) : key);
  }
  return value;
}

function render(py: Interpreter, text: string, given: Arguments): string {
  return parseFormat(text)
    .map((piece) => {
      if ('text' in piece) return piece.text;
      const value = lookUp(py, piece.field, given);
      const converted =
        piece.conversion === 'r'
          ? py.repr(value)
          : piece.conversion === 's'
            ? py.str(value)
            : piece.conversion === 'a'
              ? asciiRepr(py, value)
              : value;
      const specification = piece.specification.includes('{')
        ? render(py, piece.specification, given)
        : piece.specification;
      return py.format(converted, specification);
    })
    .join('');
}

/** `ascii(value)`. */
export function asciiRepr(py: Interpreter, value: PyValue): string {
  return [...py.repr(value)]
    .map((char) => ((char.codePointAt(0) ?? 0) < 127 ? char : reprText(char, true).slice(1, -1)))
    .join('');
}

export function formatText(py: Interpreter, text: string, args: PyValue, keywords: PyValue): string {
  const keyword = (name: string): PyValue => {
    const found = keywords instanceof PyDict ? tableGet(py, keywords, name) : py.getItem(keywords, name);
    if (found === undefined) throw keyError(name);
    return found;
  };
  return render(py, text, { positional: args instanceof PyTuple ? args.items : [], keyword, automatic: 0 });
}
