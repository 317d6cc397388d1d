/** The gradient of a branch: the same branch, in which the region runs again and is swept back. */
import type { Builder } from '../../../ir/index.ts';
import { emitterOf } from '../mode.ts';
import type { RegionRequest, RegionRule } from '../mode.ts';
import { blockOf, typesOf, variedCaptures, zerosLike } from './body.ts';

export const branchRule: RegionRule = (request) => {
  const { op, builder, mode, accumulate } = request;
  const wanted = variedCaptures(request);
  if (wanted.length === 0) return;
  const regions = op.regions.map((body) => {
    const branch: Builder = blockOf(request, []);
    const gradients =
      body.operations.length === 0
        ? wanted.map((value) => zerosLike(emitterOf(mode, branch), value))
        : mode.pullBack({ body, inputs: [], seeds: seedsOf(request), wanted, builder: branch });
    branch.create('scf.yield', gradients, []);
    return branch.block;
  });
  const gradients = builder.create('scf.if', op.operands, typesOf(wanted), op.attributes, regions).results;
  wanted.forEach((value, index) => accumulate(value, gradients[index]));
};

const seedsOf = ({ cotangents }: RegionRequest) => cotangents;
