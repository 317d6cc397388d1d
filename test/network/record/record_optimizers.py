"""Records parameters and optimizer states after steps on formula gradients: training/optimizers.npz.

Run by hand in development:  python record/record_optimizers.py [MINDCV_FOLDER]
Keys are <case>.<parameter>, schedules.<step> and rate_lists. MindSpore's CPU kernels lack gradient centralization, LARS
and LAMB, and ignore Nesterov's momentum in ApplyMomentum: the first two are numpy here, before MindSpore's Momentum; the
others are numpy alone. Kept out of the cases, because the CPU kernels differ there from MindSpore's own formulas: a large
epsilon of RMSProp (outside the root in vectors, inside in their tails) and l1 of FTRL (its sign for negative values).
"""
import sys

import mindspore as ms
import numpy as np
from mindspore import nn

import formula
from record_networks import FOLDER, set_formula_weights

STEPS = 4


def gradients(weights, step: int) -> list:
    return [formula.input_tensor(f"d_{p.name}.{step}", p.shape) for p in weights.get_parameters()]


def centralized(gradient: np.ndarray) -> np.ndarray:
    return gradient - gradient.mean(axis=tuple(range(1, gradient.ndim)), keepdims=True)


def lars(gradient, weight, name, decay, coefficient, rate=None, epsilon=1e-5):
    """You, Gitman, Ginsburg 2017 (arXiv 1708.03888), with MindSpore's clipping by the rate."""
    if "bias" in name or "LayerNorm" in name:
        return gradient
    decay = 0.0 if "gamma" in name or "beta" in name else decay
    size, steepness = np.linalg.norm(weight), np.linalg.norm(gradient)
    trust = coefficient * size / (steepness + decay * size + epsilon) if size > 0 and steepness > 0 else 1.0
    trust = trust if rate is None else min(trust / rate, 1.0)
    return (trust * (gradient + decay * weight)).astype(np.float32)


def lamb_states(weights, beta1=0.9, beta2=0.999, epsilon=1e-6, decay=0.1) -> dict:
    """You et al. 2019 (arXiv 1904.00962), algorithm 2, in float64."""
    beta1, beta2 = float(np.float32(beta1)), float(np.float32(beta2))
    state = {p.name: p.asnumpy().astype(np.float64) for p in weights.get_parameters()}
    first = {name: np.zeros_like(x) for name, x in state.items()}
    second = {name: np.zeros_like(x) for name, x in state.items()}
    for step in range(STEPS):
        rate = 0.09 * (1 - min(step, 4) / 4) ** 2 + 0.01
        for name, gradient in zip(state, gradients(weights, step)):
            first[name] = beta1 * first[name] + (1 - beta1) * gradient
            second[name] = beta2 * second[name] + (1 - beta2) * gradient.astype(np.float64) ** 2
            m, v = first[name] / (1 - beta1 ** (step + 1)), second[name] / (1 - beta2 ** (step + 1))
            move = m / (np.sqrt(v) + epsilon) + (0.0 if "gamma" in name else decay) * state[name]
            trust = np.linalg.norm(state[name]) / np.linalg.norm(move)
            state[name] = state[name] - rate * trust * move
    found = dict(state)
    found.update({f"lamb_m.{name}": x for name, x in first.items()})
    found.update({f"lamb_v.{name}": x for name, x in second.items()})
    return {name: x.astype(np.float32) for name, x in found.items()} | {"global_step": np.array([STEPS], np.int32)}


def nesterov_states(weights, rate=0.1, momentum=0.9, decay=0.01, loss_scale=4.0) -> dict:
    """The formula of MindSpore's manual, in float64: the loss scale divides gradients, not the decay."""
    state = {p.name: p.asnumpy().astype(np.float64) for p in weights.get_parameters()}
    moments = {name: np.zeros_like(x) for name, x in state.items()}
    for step in range(STEPS):
        for name, gradient in zip(state, gradients(weights, step)):
            total = gradient / loss_scale + (0.0 if "gamma" in name else decay) * state[name]
            moments[name] = momentum * moments[name] + total
            state[name] = state[name] - rate * (total + momentum * moments[name])
    found = state | {f"moments.{name}": x for name, x in moments.items()}
    return {name: x.astype(np.float32) for name, x in found.items()} | {"global_step": np.array([STEPS], np.int32)}


def run(step, change=lambda name, gradient, weight: gradient) -> dict:
    for count in range(STEPS):
        rows = zip(step.weights.get_parameters(), gradients(step.weights, count))
        step(*[ms.Tensor(change(p.name, g, p.asnumpy())) for p, g in rows])
    return {p.name: p.asnumpy() for p in step.get_parameters()}


def record(optimizers, name: str) -> dict:
    plain = {
        "momentum_groups": (lambda w: nn.Momentum([
            {"params": [w.table, w.weight], "lr": 0.05, "weight_decay": 0.1}, {"params": [w.bias, w.gamma]},
            {"order_params": w.trainable_params()}], 0.1, 0.9, weight_decay=0.01), None),
        "lars": (lambda w: nn.Momentum(w.trainable_params(), 0.1, 0.9),
                 lambda name, g, x: lars(g, x, name, 0.1, 0.5)),
        "lars_clip": (lambda w: nn.Momentum(w.trainable_params(), 0.1, 0.9),
                      lambda name, g, x: lars(g, x, name, 0.0, 0.05, 0.1)),
    }
    make, change = plain.get(name, (optimizers.CASES[name], None))
    step = optimizers.Step(make)
    set_formula_weights(step.weights)
    alone = {"lamb": lamb_states, "momentum_nesterov": nesterov_states}
    if name in alone:
        return alone[name](step.weights)
    if name == "momentum_groups":
        # Decay comes before centralization, and the decayed weight is centralized too.
        change = lambda name, g, x: centralized(g + 0.1 * x) - 0.1 * x if name == "table" else g
    return run(step, change or (lambda name, g, x: g))


def record_mindcv(folder: str) -> None:
    """mindcv's own optimizers: training/mindcv_optimizers.npz."""
    sys.path.insert(0, folder)
    import mindcv_optimizers
    found = {}
    for name in mindcv_optimizers.CASES:
        step = mindcv_optimizers.case(name)
        set_formula_weights(step.weights)
        found.update({f"{name}.{key}": value for key, value in run(step).items()})
    np.savez_compressed(FOLDER / "training" / "mindcv_optimizers.npz", **found)


def main() -> None:
    sys.path.insert(0, str(FOLDER / "training"))
    import optimizers
    if len(sys.argv) > 1:
        return record_mindcv(sys.argv[1])
    ms.set_context(mode=ms.GRAPH_MODE)
    found = {}
    for name in optimizers.CASES:
        states = record(optimizers, name)
        assert all(np.isfinite(x).all() for x in states.values())
        found.update({f"{name}.{key}": value for key, value in states.items()})
        print(name, len(states), "parameters, weight", states["weight"].reshape(-1)[:3])
    for step in (0, 1, 3, 5, 9):
        rates = optimizers.schedules(ms.Tensor([step], ms.int32))
        found[f"schedules.{step}"] = np.concatenate([rate.asnumpy().reshape(-1) for rate in rates])
    found["rate_lists"] = np.array(optimizers.rate_lists(), np.float32)
    np.savez_compressed(FOLDER / "training" / "optimizers.npz", **found)


if __name__ == "__main__":
    main()
