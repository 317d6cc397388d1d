/** What a program prints, as text. */
import { graphText } from '../../compiler/frontend/index.ts';
import { tensorType } from '../../compiler/ir/index.ts';
import { formatPieces } from '../../compiler/ir/ops/index.ts';
import type { RunOptions } from '../../runtime/host/index.ts';
import type { Print } from '../../runtime/program/index.ts';
import { tensorFromBytes } from '../formats/index.ts';

/** The lines of one print: values as compiled graphs of MindSpore show them. */
function printedText({ format, values }: Print, bytes: readonly Uint8Array[]): string {
  const texts = values.map(({ dtype, shape }, index) => {
    const { data } = tensorFromBytes(dtype, shape, Uint8Array.from(bytes[index]));
    return graphText({ kind: 'concrete', type: tensorType([...shape], dtype), data });
  });
  return formatPieces(format)
    .map((piece, index) => (index === 0 ? piece : texts[index - 1] + piece))
    .join('');
}

/** Run options with which a program prints through `write`. */
export const printsTo = (write: (text: string) => void): Pick<RunOptions, 'print'> => ({
  print: (step, bytes) => write(`${printedText(step, bytes)}\n`),
});
