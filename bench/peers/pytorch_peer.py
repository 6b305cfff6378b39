# SPDX-License-Identifier: BSD-3-Clause
"""PyTorch twins of gradus-bench: same sizes, data law, loss and optimizer, at their best settings."""
import serve

RULES = ("momentum", "adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "adamw", "diffgrad")
WORKLOADS = ("xor_step/direct", "grokking_step", "mlp_step/784-256-256-10", "mlp_step/2-64-64-1",
             "curvature/dense-400",
             "curvature/dense-5000", "curvature/hvp", "curvature/top-20", "equilibrium/cauchy-8",
             *(f"optimizer_step/{rule}-{size}" for rule in RULES for size in ("1e4", "1e7")))
parsed = serve.arguments(WORKLOADS)

import torch  # noqa: E402 (the environment comes first)
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

torch.set_num_threads(parsed.threads)
torch.manual_seed(1)


def steps(optimizer, loss_of):
    """A training step; returns the loss as a number only when asked, as no step needs it."""

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def xor_step():
    """bench/xor_step.cpp: two-layer ReLU network with a frozen second layer on XOR clusters."""
    n, p, m = 400, 20_000, 200
    x = torch.randn(n, p)
    cluster = torch.randint(0, 4, (n,))
    sign = 1.0 - 2.0 * (cluster % 2).float()
    x[torch.arange(n), cluster // 2] += sign * 1000.0**0.5
    y = torch.where(cluster < 2, 1.0, -1.0) * torch.where(torch.rand(n) < 0.1, -1.0, 1.0)
    a = torch.cat([torch.ones(m // 2), -torch.ones(m // 2)]) / m**0.5
    rate = 0.1 * n / p

    def variant(transposed, foreach):
        w = 1e-3 * (torch.randn(p, m) if transposed else torch.randn(m, p))
        w.requires_grad_()

        def loss():
            z = x @ w if transposed else functional.linear(x, w)
            return functional.soft_margin_loss(functional.relu(z) @ a, y)

        return steps(torch.optim.SGD([w], lr=rate, foreach=foreach), loss)

    return {
        "default": variant(False, False),
        "foreach": variant(False, True),
        "weights inputs x width": variant(True, False),
    }


def mlp_step(widths, batch):
    """bench/mlp_step.cpp: a mini-batch step with momentum, drawing the batch included."""
    pool = 4096
    x = torch.randn(pool, widths[0])
    noisy = torch.rand(pool) < 0.1
    if widths[-1] == 1:
        y = torch.where((x[:, 0] * x[:, 1] > 0) != noisy, 1.0, -1.0).unsqueeze(1)
        loss_function = functional.soft_margin_loss
    else:
        y = torch.where(noisy, torch.randint(0, 10, (pool,)), x[:, :10].argmax(1))
        loss_function = functional.cross_entropy

    def variant(foreach, traced):
        layers = []
        for fan_in, fan_out in zip(widths, widths[1:]):
            layers += [nn.Linear(fan_in, fan_out), nn.ReLU()]
            nn.init.kaiming_normal_(layers[-2].weight, nonlinearity="relu")
            nn.init.zeros_(layers[-2].bias)
        net = nn.Sequential(*layers[:-1])
        optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, foreach=foreach)
        forward = torch.jit.trace(net, x[:batch]) if traced else net
        order = []

        def loss():
            if not order:
                order.extend(torch.randperm(pool).split(batch))
            index = order.pop()
            return loss_function(forward(x.index_select(0, index)), y.index_select(0, index))

        one = steps(optimizer, loss)

        def with_check():  # the loss over the pool, for the check before timing only
            one()
            with torch.no_grad():
                return loss_function(net(x), y).item()

        for _ in range(30):
            first = with_check()
        last = min(with_check() for _ in range(300))
        if not last < first:
            raise SystemExit(f"mlp_step: the loss did not fall ({first} to {last})")

        def step():
            one()

        return step

    return {
        "default": variant(False, False),
        "foreach": variant(True, False),
        "foreach, traced": variant(True, True),
    }


def grokking_step():
    """bench/grokking_step.cpp: a full-batch step on modular addition, one-hot dense or embedding."""
    p, width = 53, 128
    pairs = torch.randperm(p * p)[: 4 * p * p // 5]
    a, b = pairs // p, pairs % p
    y = (a + b) % p
    positions = torch.stack([a, p + b], 1)
    x = torch.zeros(len(y), 2 * p).scatter_(1, positions, 1.0)

    def variant(embedding, foreach):
        first = nn.EmbeddingBag(2 * p, width, mode="sum") if embedding else nn.Linear(
            2 * p, width, bias=False)
        if embedding:
            nn.init.uniform_(first.weight, -((2 * p) ** -0.5), (2 * p) ** -0.5)
        net = nn.Sequential(first, nn.ReLU(), nn.Linear(width, width, bias=False), nn.ReLU(),
                            nn.Linear(width, p, bias=False))
        optimizer = torch.optim.AdamW(net.parameters(), lr=0.01, betas=(0.9, 0.95), eps=1e-25,
                                      weight_decay=0.0, foreach=foreach)
        inputs = positions if embedding else x
        return steps(optimizer, lambda: functional.cross_entropy(net(inputs), y))

    return {"dense": variant(False, False), "dense, foreach": variant(False, True),
            "embedding": variant(True, False), "embedding, foreach": variant(True, True)}


def optimizer_step(rule, size):
    """bench/optimizer_step.cpp: the update alone, from a gradient that stays; one flat parameter."""

    def variant(**options):
        p = torch.randn(size).requires_grad_()
        p.grad = torch.randn(size)
        optim, rate = torch.optim, 1e-6
        optimizer = {
            "momentum": lambda: optim.SGD([p], lr=rate, momentum=0.9, **options),
            "adagrad": lambda: optim.Adagrad([p], lr=rate, **options),
            "adadelta": lambda: optim.Adadelta([p], lr=rate, **options),
            "rmsprop": lambda: optim.RMSprop([p], lr=rate, **options),
            "adam": lambda: optim.Adam([p], lr=rate, **options),
            "amsgrad": lambda: optim.Adam([p], lr=rate, amsgrad=True, **options),
            "adamw": lambda: optim.AdamW([p], lr=rate, **options),
        }[rule]()

        def step():
            optimizer.step()

        return step

    def diffgrad():
        """The published formula with operations in place, as torch.optim writes its rules."""
        p, g = torch.randn(size), torch.randn(size)
        m, v, previous = torch.zeros(size), torch.zeros(size), torch.zeros(size)
        b1, b2, t = 0.9, 0.999, 0

        def step():
            nonlocal t
            t += 1
            m.mul_(b1).add_(g, alpha=1 - b1)
            v.mul_(b2).addcmul_(g, g, value=1 - b2)
            friction = previous.sub_(g).abs_().sigmoid_()
            denominator = v.sqrt().add_(1e-8)
            p.addcdiv_(m.mul(friction), denominator, value=-1e-6 * (1 - b2**t) ** 0.5 / (1 - b1**t))
            previous.copy_(g)

        return step

    if rule == "diffgrad":
        return {"in place": diffgrad()}
    return {"default": variant(), "foreach": variant(foreach=True)}


def optimizer_steps(rule, size):
    return lambda: optimizer_step(rule, int(float(size)))


def curvature_setting(widths, n, dtype):
    """bench/curvature.cpp: a bias-free ReLU network; its loss as a function of one flat vector."""
    x = torch.randn(n, widths[0], dtype=dtype)
    y = x[:, :widths[-1]].argmax(1)
    shapes = [(b, a) for a, b in zip(widths, widths[1:])]
    theta = torch.cat([(torch.randn(s, dtype=dtype) * (2.0 / s[1]) ** 0.5).flatten()
                       for s in shapes])

    def loss(theta):
        a, start = x, 0
        for k, (rows, cols) in enumerate(shapes):
            z = functional.linear(a, theta[start:start + rows * cols].view(rows, cols))
            start += rows * cols
            a = functional.relu(z) if k + 1 < len(shapes) else z
        return functional.cross_entropy(a, y)

    return loss, theta


def dense_hessian(widths, n):
    loss, theta = curvature_setting(widths, n, torch.float64)

    def variant(vectorize):
        def step():
            torch.autograd.functional.hessian(loss, theta, vectorize=vectorize)

        return step

    if theta.numel() > 1000:  # vectorised, it takes gigabytes
        return {"default": variant(False)}
    return {"default": variant(False), "vectorize": variant(True)}


def kept_gradient(widths, n, dtype):
    """A gradient whose graph is kept: the products of double backward share it."""
    loss, theta = curvature_setting(widths, n, dtype)
    theta.requires_grad_()
    gradient, = torch.autograd.grad(loss(theta), theta, create_graph=True)
    return gradient, theta


def hessian_products():
    gradient, theta = kept_gradient([784, 256, 256, 10], 512, torch.float32)
    v = functional.normalize(torch.randn_like(theta), dim=0)

    def step():
        torch.autograd.grad(gradient, theta, grad_outputs=v, retain_graph=True)

    return {"double backward": step}


def top_eigenvalues():
    """Power iteration with deflation as PyHessian does it: at most 100 products an eigenvalue,
    until it changes by less than a thousandth."""
    gradient, theta = kept_gradient([40, 50, 50, 10], 200, torch.float64)

    def step():
        found = []
        for _ in range(20):
            v = functional.normalize(torch.randn_like(theta), dim=0)
            value = None
            for _ in range(100):
                for u in found:
                    v = v - (v @ u) * u
                v = functional.normalize(v, dim=0)
                hv, = torch.autograd.grad(gradient, theta, grad_outputs=v, retain_graph=True)
                now = (hv @ v).item()
                v = functional.normalize(hv, dim=0)
                if value is not None and abs(now - value) / (abs(value) + 1e-6) < 1e-3:
                    break
                value = now
            found.append(v)

    return {"power iteration": step}


def equilibrium():
    """bench/equilibrium.cpp: free phase and eight nudges, all samples and phases in one array of
    (phases x samples, units); of conjugate phases one is simulated."""
    widths, batch, points, beta, dt = (64, 32, 32, 10), 20, 8, 0.1, 0.5
    x = 0.5 * torch.randn(batch, 64, dtype=torch.float64)
    y = torch.eye(10, dtype=torch.float64)[torch.arange(batch) % 10]
    w = [0.6 / a**0.5 * torch.randn(a, b, dtype=torch.float64) for a, b in zip(widths, widths[1:])]
    readout = 0.6 / 10**0.5 * torch.randn(10, 10, dtype=torch.float64)
    back = readout.t().contiguous()
    feedback, layers = [w[1].t().contiguous(), w[2].t().contiguous()], range(3)

    def rates(u):
        return 1 / (1 + torch.exp(2 - 4 * u))

    def real_product(a, m):  # complex times real as one real product
        parts = torch.cat([a.real, a.imag]) @ m
        return torch.complex(parts[:len(a)], parts[len(a):])

    def complex_product(a, m):
        return a @ m.to(a.dtype)

    def relax(u, r, drive, steps, product, push=None):
        for _ in range(steps):
            force = [drive - u[0] + product(r[1], feedback[0]),
                     product(r[0], w[1]) - u[1] + product(r[2], feedback[1]),
                     product(r[1], w[2]) - u[2]]
            if push is not None:
                force[2] += push(r[2])
            for k in layers:
                u[k] = u[k].add(force[k], alpha=dt)
                r[k] = rates(u[k])

    def variant(product, half):
        k = torch.arange(points // 2 + 1 if half else points)
        betas = torch.polar(torch.full((len(k),), beta, dtype=torch.float64),
                            2 * torch.pi * k.double() / points)
        twice = torch.where((k > 0) & (k < points // 2), 2.0, 1.0) if half else 1.0
        weights = twice / (points * betas)
        column, count = betas.repeat_interleave(batch)[:, None], len(k)
        target = y.repeat(count, 1)

        def push(r):
            z = product(r, readout)
            e = torch.exp(z - z.real.amax(dim=1, keepdim=True))
            return column * product(e / e.sum(dim=1, keepdim=True) - target, back)

        def step():
            drive = x @ w[0]
            u = [torch.zeros(batch, n, dtype=torch.float64) for n in widths[1:]]
            r = [rates(a) for a in u]
            relax(u, r, drive, 60, lambda a, m: a @ m)
            p = torch.softmax(r[2] @ readout, dim=1)
            v = [a.repeat(count, 1).to(torch.complex128) for a in u]
            s = [a.repeat(count, 1).to(torch.complex128) for a in r]
            relax(v, s, drive.repeat(count, 1), 25, product, push)
            error = [(weights[:, None, None] * a.view(count, batch, -1)).sum(dim=0).real for a in s]
            gradient = [x.t() @ error[0], r[0].t() @ error[1], r[1].t() @ error[2],
                        r[1].t() @ error[0], r[2].t() @ error[1], r[2].t() @ (p - y),
                        (p - y).sum(dim=0), *(e.sum(dim=0) for e in error)]
            if not all(torch.isfinite(g).all() for g in gradient):
                raise ValueError("not finite")

        def without_grad():
            with torch.no_grad():
                step()

        return without_grad

    return {"all phases": variant(complex_product, False),
            "half of them": variant(complex_product, True),
            "half of them, real products": variant(real_product, True)}


variants = {
    "equilibrium/cauchy-8": equilibrium,
    "curvature/dense-400": lambda: dense_hessian([16, 16, 8, 2], 240),
    "curvature/dense-5000": lambda: dense_hessian([40, 50, 50, 10], 200),
    "curvature/hvp": hessian_products,
    "curvature/top-20": top_eigenvalues,
    **{f"optimizer_step/{rule}-{size}": optimizer_steps(rule, size)
       for rule in RULES for size in ("1e4", "1e7")},
    "xor_step/direct": xor_step,
    "grokking_step": grokking_step,
    "mlp_step/784-256-256-10": lambda: mlp_step([784, 256, 256, 10], 128),
    "mlp_step/2-64-64-1": lambda: mlp_step([2, 64, 64, 1], 32),
}[parsed.workload]()
slow = parsed.workload in ("curvature/dense-5000", "curvature/top-20")
serve.serve(parsed, {"pytorch": torch.__version__}, variants, warm_up=1 if slow else 30)
