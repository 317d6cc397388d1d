/** Colours of IR text: MLIR's generic form and our pretty one. */
import { StreamLanguage } from '@codemirror/language';

/** What a text begins with, and its style; tried in order. */
const tokens: readonly (readonly [RegExp, string | null])[] = [
  [/^\/\/.*/, 'comment'],
  [/^… \(\d+ characters\) …/, 'comment'],
  [/^"(?:[^"\\]|\\.)*"?/, 'string'],
  [/^%[\w$.#-]+/, 'variableName'],
  [/^@(?:"[^"]*"|[\w$.-]+)/, 'variableName.function'],
  [/^\^\w+/, 'labelName'],
  [/^[!#][\w$.]+/, 'typeName'],
  [
    /^(?:func\.func|func\.call|return|module|attributes|scf\.\w+|private|public|else|do|iter_args|to|step)\b/,
    'keyword',
  ],
  [/^(?:tensor|memref|vector|tuple|index|none|array|dense)\b/, 'typeName'],
  [/^(?:f16|bf16|f32|f64|[su]?i\d+)\b/, 'typeName'],
  [/^(?:true|false|unit)\b/, 'bool'],
  [/^-?(?:0x[\da-fA-F]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)/, 'number'],
  [/^[A-Za-z_]\w*(?:\.\w+)+/, 'variableName.function'],
  [/^[A-Za-z_]\w*/, null],
];

export const mlirLanguage = StreamLanguage.define<null>({
  name: 'mlir',
  startState: () => null,
  token: (stream) => {
    if (stream.eatSpace()) return null;
    const found = tokens.find(([pattern]) => stream.match(pattern) !== null);
    if (found === undefined) stream.next();
    return found?.[1] ?? null;
  },
});
