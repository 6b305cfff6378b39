# SPDX-License-Identifier: BSD-3-Clause
"""NumPy twins of gradus-bench, gradients written by hand."""
import serve

WORKLOADS = ("xor_step/direct", "xor_step/gram", "normals", "descent_path",
             "double_descent/least_squares", "double_descent/ridge", "equilibrium/cauchy-8")
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


def equilibrium():
    """bench/equilibrium.cpp: free phase and eight nudges, all samples and phases in one array of
    (phases x samples, units); of conjugate phases one is simulated."""
    widths, batch, points, beta, dt = (64, 32, 32, 10), 20, 8, 0.1, 0.5
    x, y = 0.5 * rng.standard_normal((batch, 64)), np.eye(10)[np.arange(batch) % 10]
    w = [0.6 / a**0.5 * rng.standard_normal((a, b)) for a, b in zip(widths, widths[1:])]
    readout, layers = 0.6 / 10**0.5 * rng.standard_normal((10, 10)), range(3)
    feedback = [w[1].T.copy(), w[2].T.copy()]

    def rates(u):
        return 1 / (1 + np.exp(2 - 4 * u))

    def real_product(a, m):  # complex times real as one real product
        parts = np.concatenate([a.real, a.imag]) @ m
        return parts[:len(a)] + 1j * parts[len(a):]

    def complex_product(a, m):
        return a @ m

    def relax(u, r, drive, steps, product, push=None):
        for _ in range(steps):
            force = [drive - u[0] + product(r[1], feedback[0]),
                     product(r[0], w[1]) - u[1] + product(r[2], feedback[1]),
                     product(r[1], w[2]) - u[2]]
            if push is not None:
                force[2] += push(r[2])
            for k in layers:
                u[k] = u[k] + dt * force[k]
                r[k] = rates(u[k])

    def variant(product, half):
        k = np.arange(points // 2 + 1 if half else points)
        betas = beta * np.exp(2j * np.pi * k / points)
        weights = np.where((k > 0) & (k < points // 2) & half, 2, 1) / (points * betas)
        column, count = np.repeat(betas, batch)[:, None], len(k)
        target = np.tile(y, (count, 1))

        def push(r):
            z = product(r, readout)
            e = np.exp(z - z.real.max(axis=1, keepdims=True))
            return column * product(e / e.sum(axis=1, keepdims=True) - target, readout.T)

        def step():
            drive = x @ w[0]
            u = [np.zeros((batch, n)) for n in widths[1:]]
            r = [rates(a) for a in u]
            relax(u, r, drive, 60, complex_product)
            z = r[2] @ readout
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            loss = -np.log((p * y).sum(axis=1)).mean()
            v = [np.tile(a, (count, 1)).astype(complex) for a in u]
            s = [np.tile(a, (count, 1)).astype(complex) for a in r]
            relax(v, s, np.tile(drive, (count, 1)), 25, product, push)
            error = [np.einsum("k,kbn->bn", weights, a.reshape(count, batch, -1)).real for a in s]
            gradient = [x.T @ error[0], r[0].T @ error[1], r[1].T @ error[2], r[1].T @ error[0],
                        r[2].T @ error[1], r[2].T @ (p - y), (p - y).sum(axis=0),
                        *(e.sum(axis=0) for e in error)]
            if not np.isfinite(loss) or not all(np.all(np.isfinite(g)) for g in gradient):
                raise ValueError("not finite")

        return step

    return {"all phases": variant(complex_product, False),
            "half of them": variant(complex_product, True),
            "half of them, real products": variant(real_product, True)}


STEPS = {"descent_path": 1_000_000}
variants = {"xor_step/direct": direct, "xor_step/gram": gram, "normals": normals,
            "descent_path": descent_path, "double_descent/least_squares": least_squares,
            "double_descent/ridge": ridge, "equilibrium/cauchy-8": equilibrium}[parsed.workload]()
serve.serve(parsed, {"numpy": np.__version__}, variants, STEPS.get(parsed.workload, 1))
