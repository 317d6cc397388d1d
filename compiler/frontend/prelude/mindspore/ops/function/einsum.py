"""einsum: each operand is brought to the order of all letters, multiplied, and summed over the letters that go."""
from mindspore import ops


def _expand_ellipsis(terms, operands):
    """Replaces `...` by capital letters that no equation uses together with it."""
    spare = 'ZYXWVUTSRQPONMLKJIHGFEDCBA'
    ranks = [operand.ndim - len(term.replace('...', '')) if '...' in term else 0 for term, operand in zip(terms, operands)]
    most = max(ranks)
    letters = spare[:most]
    return [term.replace('...', letters[most - rank:]) for term, rank in zip(terms, ranks)], letters


def einsum(equation, operands):
    if len(operands) == 1 and isinstance(operands[0], (tuple, list)):
        operands = operands[0]
    left, arrow, right = equation.replace(' ', '').partition('->')
    terms, letters = _expand_ellipsis(left.split(','), operands)
    together = ''.join(terms)
    if not arrow:
        right = letters + ''.join(sorted([name for name in set(together) if together.count(name) == 1 and name not in letters]))
    right = right.replace('...', letters)
    if len(operands) == 2 and all([len(set(term)) == len(term) for term in terms]):
        return _pairwise(terms, operands, right)
    order = right + ''.join(sorted([name for name in set(together) if name not in right]))
    product = None
    for term, operand in zip(terms, operands):
        aligned = _aligned(term, operand, order)
        product = aligned if product is None else product * aligned
    axes = tuple(range(len(right), len(order)))
    return ops.ReduceSum()(product, axes) if axes else product


def _aligned(term, operand, order):
    if len(set(term)) != len(term):
        raise NotImplementedError("einsum with a letter twice in one operand is not supported by this version of msc")
    present = [name for name in order if name in term]
    operand = operand.permute(tuple([term.index(name) for name in present]))
    return operand.reshape(tuple([operand.shape[present.index(name)] if name in present else 1 for name in order]))


def _pairwise(terms, operands, right):
    """Two operands are one batched product of matrices."""
    first, second = terms
    extents = {}
    for term, operand in zip(terms, operands):
        for name, extent in zip(term, operand.shape):
            extents[name] = extent
    batch = [name for name in first if name in second and name in right]
    inner = [name for name in first if name in second and name not in right]
    lone = {0: [name for name in first if name not in second and name not in right],
            1: [name for name in second if name not in first and name not in right]}
    x, y = operands
    if lone[0]:
        x = ops.ReduceSum()(x, tuple([first.index(name) for name in lone[0]]))
        first = ''.join([name for name in first if name not in lone[0]])
    if lone[1]:
        y = ops.ReduceSum()(y, tuple([second.index(name) for name in lone[1]]))
        second = ''.join([name for name in second if name not in lone[1]])
    rows = [name for name in first if name not in batch and name not in inner]
    columns = [name for name in second if name not in batch and name not in inner]

    def count(names):
        total = 1
        for name in names:
            total *= extents[name]
        return total

    x = x.permute(tuple([first.index(name) for name in batch + rows + inner]))
    y = y.permute(tuple([second.index(name) for name in batch + inner + columns]))
    x = x.reshape((count(batch), count(rows), count(inner)))
    y = y.reshape((count(batch), count(inner), count(columns)))
    made = batch + rows + columns
    product = ops.BatchMatMul()(x, y).reshape(tuple([extents[name] for name in made]))
    return product.permute(tuple([made.index(name) for name in right])) if made else product
