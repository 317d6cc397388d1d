/** Evaluation of random ops: words of the Philox stream at the counter of the state. */
import { philoxStream, uniformFromWord } from '../../../runtime/numerics/index.ts';
import { floatOf } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import type { randomOps } from '../ops/random.ts';
import type { TensorValue } from './array.ts';
import { generate, numbersOf, staticResult } from './array.ts';
import type { Evaluate } from './cell.ts';

/** The next `count` words, and the state behind them. */
function draw(state: TensorValue, count: number): { readonly words: Uint32Array; readonly next: TensorValue } {
  const [keyLow, keyHigh, low, high] = Array.from(state.data, BigInt);
  const offset = low | (high << 32n);
  const behind = offset + BigInt(Math.ceil(count / 4));
  const data = Uint32Array.of(
    Number(keyLow),
    Number(keyHigh),
    Number(behind & 0xffffffffn),
    Number((behind >> 32n) & 0xffffffffn),
  );
  return { words: philoxStream(keyLow | (keyHigh << 32n), offset, count), next: { ...state, data } };
}

/** Pairs of uniforms to pairs of normals. */
function normals(uniform: (index: number) => number): (index: number) => number {
  return (index) => {
    const first = index - (index % 2);
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(first)));
    const angle = 2 * Math.PI * uniform(first + 1);
    return radius * (index % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  };
}

export const evaluateRandom: Readonly<Record<keyof typeof randomOps, Evaluate>> = {
  'ms.random_uniform': ([state], op) => {
    const { shape, dtype } = staticResult(op.resultTypes[0]);
    const { words, next } = draw(state, elementCount(shape));
    return [generate(shape, dtype, (index) => uniformFromWord(words[index])), next];
  },
  'ms.random_normal': ([state], op) => {
    const { shape, dtype } = staticResult(op.resultTypes[0]);
    const count = elementCount(shape);
    const { words, next } = draw(state, count + (count % 2));
    return [
      generate(
        shape,
        dtype,
        normals((index) => uniformFromWord(words[index])),
      ),
      next,
    ];
  },
  'ms.dropout': ([x, state], op) => {
    const keep = Math.fround(floatOf(op.attributes, 'keep_prob'));
    const { words, next } = draw(state, x.data.length);
    const mask = generate(x.shape, 'i1', (index) => Number(uniformFromWord(words[index]) < keep));
    const numbers = numbersOf(x);
    return [
      generate(x.shape, x.dtype, (index) =>
        mask.data[index] ? numbers[index] / floatOf(op.attributes, 'keep_prob') : 0,
      ),
      mask,
      next,
    ];
  },
};
