# SPDX-License-Identifier: BSD-3-Clause
"""NumPy twins of gradus-bench, gradients written by hand."""
import serve

WORKLOADS = ("xor_step/direct", "xor_step/gram", "normals", "descent_path",
             "double_descent/least_squares", "double_descent/ridge")
parsed = serve.arguments(WORKLOADS)

import numpy as np  # noqa: E402 (the environment comes first)

rng = np.random.default_rng(1)


def normal(*shape):
    return rng.standard_normal(shape, dtype=np.float32)


def xor_data():
    n, p, m = 400, 20_000, 200
    x = normal(n, p)
    cluster = rng.integers(0, 4, n)
    x[np.arange(n), cluster // 2] += (1 - 2 * (cluster % 2)) * np.float32(1000.0**0.5)
    flip = np.where(rng.random(n) < 0.1, -1, 1)
    y = (np.where(cluster < 2, 1, -1) * flip).astype(np.float32)
    a = np.repeat(np.array([1, -1], dtype=np.float32), m // 2) / np.float32(m**0.5)
    return x, y, a, np.float32(0.1 * n / p)


def loss_and_slopes(z, y, a):
    """Mean logistic loss, and its derivative by the pre-activations z (samples x width)."""
    margin = y * (np.maximum(z, 0) @ a)
    loss = np.logaddexp(np.float32(0), -margin).mean()
    d = -y / (1 + np.exp(margin)) / np.float32(len(y))
    return loss, (z > 0) * (d[:, None] * a)


def direct():
    x, y, a, rate = xor_data()
    w = 1e-3 * normal(len(a), x.shape[1])

    def step():
        loss, slopes = loss_and_slopes(x @ w.T, y, a)
        gradient = slopes.T @ x
        gradient *= rate
        np.subtract(w, gradient, out=w)
        return loss

    return {"default": step}


def gram():
    x, y, a, rate = xor_data()
    initial = x @ (np.float32(1e-3) * normal(x.shape[1], len(a)))
    kernel = x @ x.T
    c = np.zeros((len(y), len(a)), dtype=np.float32)

    def step():
        loss, slopes = loss_and_slopes(initial + kernel @ c, y, a)
        np.subtract(c, rate * slopes, out=c)
        return loss

    return {"default": step}


def normals():
    out = np.empty(1 << 20, dtype=np.float32)

    def step():
        rng.standard_normal(out=out, dtype=np.float32)

    return {"default": step}


def descent_path():
    """bench/descent_path.cpp: one step of gradient descent, of which the path takes 1e6."""
    x = rng.standard_normal((1000, 1000))
    y = x @ rng.standard_normal(1000) / 1000**0.5 + 0.1 * rng.standard_normal(1000)
    hessian, pull = x.T @ x / 1000, x.T @ y / 1000
    w = {"data": np.zeros(1000), "hessian": np.zeros(1000)}

    def by_data():
        residual = x @ w["data"] - y
        np.subtract(w["data"], 1e-4 * (residual @ x), out=w["data"])
        return residual @ residual

    def by_hessian():
        np.subtract(w["hessian"], 0.1 * (hessian @ w["hessian"] - pull), out=w["hessian"])

    return {"data": by_data, "hessian": by_hessian}


def double_descent(fit):
    """bench/double_descent.cpp: a fit for each width, features and test errors as there."""
    n, d, tests, widths, scale = 200, 30, 1000, range(20, 801, 20), 1 / 30**0.5
    x, test_x = rng.standard_normal((n, d)), rng.standard_normal((tests, d))
    beta, directions = rng.standard_normal(d) * scale, rng.standard_normal((d, 800)) * scale
    y, test_y = x @ beta + 0.5 * rng.standard_normal(n), test_x @ beta

    def step():
        z, test_z = np.maximum(x @ directions, 0), np.maximum(test_x @ directions, 0)
        errors = []
        for width in widths:
            residual = test_z[:, :width] @ fit(z[:, :width], y) - test_y
            errors.append(residual @ residual / tests)
        if not np.all(np.isfinite(errors)):
            raise ValueError("an error is not finite")

    return step


def least_squares():
    return {"lstsq": double_descent(lambda z, y: np.linalg.lstsq(z, y, rcond=None)[0]),
            "pinv": double_descent(lambda z, y: np.linalg.pinv(z) @ y)}


def ridge():
    """scikit-learn's Ridge if it is there; else what its Cholesky solver does, by NumPy's general
    solver: the smaller of the two normal equations."""
    def solve(z, y):
        n, width = z.shape
        if width > n:
            return z.T @ np.linalg.solve(z @ z.T + 0.1 * np.eye(n), y)
        return np.linalg.solve(z.T @ z + 0.1 * np.eye(width), z.T @ y)

    found = {"solve": double_descent(solve)}
    try:
        from sklearn.linear_model import Ridge
    except ImportError:
        return found
    for solver in ("auto", "cholesky"):
        model = Ridge(alpha=0.1, fit_intercept=False, solver=solver)
        found[f"sklearn {solver}"] = double_descent(lambda z, y, m=model: m.fit(z, y).coef_)
    return found


STEPS = {"descent_path": 1_000_000}
variants = {"xor_step/direct": direct, "xor_step/gram": gram, "normals": normals,
            "descent_path": descent_path, "double_descent/least_squares": least_squares,
            "double_descent/ridge": ridge}[parsed.workload]()
serve.serve(parsed, {"numpy": np.__version__}, variants, STEPS.get(parsed.workload, 1))
