/** The gradient of a call: a call of the callee's gradient function. */
import { symbolAttribute } from '../../../ir/index.ts';
import type { RegionRule } from '../mode.ts';
import { holdsNumbers } from '../rule.ts';
import { typesOf } from './body.ts';

export const callRule: RegionRule = ({ op, mode, cotangents, isVaried, builder, accumulate }) => {
  const needs = op.operands.map((value) => holdsNumbers(value) && isVaried(value));
  const name = mode.gradientFunction(
    op,
    needs,
    cotangents.map((cotangent) => cotangent !== null),
  );
  if (name === null) return;
  const wanted = op.operands.filter((_, index) => needs[index]);
  const operands = [...op.operands, ...cotangents.filter((cotangent) => cotangent !== null)];
  const attributes = new Map([['callee', symbolAttribute(name)]]);
  const gradients = builder.create('func.call', operands, typesOf(wanted), attributes).results;
  let next = 0;
  op.operands.forEach((value, index) => {
    if (needs[index]) accumulate(value, gradients[next++]);
  });
};
