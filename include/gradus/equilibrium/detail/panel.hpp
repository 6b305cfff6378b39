// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <concepts>
#include <cstddef>
#include <limits>

#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/certificate.hpp>
#include <gradus/equilibrium/coupling.hpp>
#include <gradus/nn/detail/elementwise.hpp>
#include <gradus/nn/detail/pack.hpp>

/// Relaxation of a panel: some samples, each in one phase or several, small enough to stay in the
/// cache from the first step to the last. Complex states have their real and imaginary parts in
/// columns that lie apart, [Re of complex phases | real phases | Im of complex phases]: weights are
/// real, so one real product serves all of them.
namespace gradus::equilibrium::detail {

using nn::detail::Pack;
using nn::detail::Vectorised;

/// The memory of a panel, one column per state, `units` numbers each.
template <class T>
struct Panel {
  T* u;           ///< potentials
  T* r;           ///< rates
  T* t;           ///< what drives the units, then du/dt
  const T* drive; ///< W x + b of the columns that are real parts
  Index units;    ///< n
  Index paired;   ///< columns with an imaginary part
  Index real;     ///< columns without

  [[nodiscard]] Index columns() const { return 2 * paired + real; }
  /// Numbers that are real parts.
  [[nodiscard]] Index driven() const { return units * (paired + real); }
};

/// Some numbers of an array as a pack, the missing ones 0.
template <class T>
Pack<T> load(const T* from, Index count) {
  if (count == Pack<T>::size) {
    return Pack<T>::load(from);
  }
  std::array<T, static_cast<std::size_t>(Pack<T>::size)> padded{};
  std::copy_n(from, count, padded.begin());
  return Pack<T>::load(padded.data());
}
template <class T>
void store(Pack<T> pack, T* to, Index count) {
  if (count == Pack<T>::size) {
    pack.store(to);
    return;
  }
  std::array<T, static_cast<std::size_t>(Pack<T>::size)> padded;
  pack.store(padded.data());
  std::copy_n(padded.begin(), count, to);
}
/// Calls body(i, count) for packs of n numbers; the last one may be short.
template <class T, class Body>
void for_packs(Index n, Body&& body) {
  constexpr Index width = Pack<T>::size;
  Index i = 0;
  for (; i + width <= n; i += width) {
    body(i, width);
  }
  if (i < n) {
    body(i, n - i);
  }
}

/// Size of a number: of the larger part if it is complex.
template <class T>
double size_of(const T& x) {
  return static_cast<double>(Eigen::numext::abs(primal(x)));
}
template <class R>
double size_of(const std::complex<R>& z) {
  return static_cast<double>(std::max(std::abs(z.real()), std::abs(z.imag())));
}

/// t = du/dt from what drives the units; returns its largest entry, NaN if one is not finite.
template <class T>
double force(const Panel<T>& p) {
  const Index driven = p.driven();
  const Index all = p.units * p.columns();
  double largest = 0;
  if constexpr (Vectorised<T>) {
    Pack<T> most(T(0));
    Pack<T> sound(T(0)); // stays 0 as long as all is finite
    const auto take = [&](Pack<T> f, Index i, Index count) {
      store(f, p.t + i, count);
      const Pack<T> size = abs(f);
      most = select(most < size, size, most);
      sound = sound + (f - f);
    };
    for_packs<T>(driven, [&](Index i, Index count) {
      take((load(p.t + i, count) + load(p.drive + i, count)) - load(p.u + i, count), i, count);
    });
    for_packs<T>(all - driven, [&](Index k, Index count) {
      take(load(p.t + driven + k, count) - load(p.u + driven + k, count), driven + k, count);
    });
    std::array<T, static_cast<std::size_t>(Pack<T>::size)> lanes;
    (most + sound).store(lanes.data());
    for (const T x : lanes) {
      largest = std::isfinite(x) ? std::max(largest, static_cast<double>(x))
                                 : std::numeric_limits<double>::quiet_NaN();
      if (std::isnan(largest)) {
        break;
      }
    }
  } else {
    for (Index i = 0; i < all; ++i) {
      p.t[i] = i < driven ? T(p.t[i] + p.drive[i] - p.u[i]) : T(p.t[i] - p.u[i]);
      if (!is_finite(p.t[i])) {
        return std::numeric_limits<double>::quiet_NaN();
      }
      largest = std::max(largest, size_of(p.t[i]));
    }
  }
  return largest;
}

/// An activation with a vector kernel for real and imaginary parts that lie apart.
template <class A, class T>
concept HasPlanarKernel = Vectorised<T> && requires(const A& f, Pack<T> x, Pack<T>& a) {
  f.planar(x, x, a, a);
};

/// u += dt du/dt, r = f(u). @tparam HasForce  whether t is du/dt already, or what drives the units
template <bool HasForce, class T, class A>
void advance(const A& f, const Panel<T>& p, T dt) {
  const Index paired = p.units * p.paired;
  const Index driven = p.driven();
  [[maybe_unused]] T* const im_u = p.u + driven;
  [[maybe_unused]] T* const im_r = p.r + driven;
  [[maybe_unused]] const T* const im_t = p.t + driven;
  if constexpr (Vectorised<T> && nn::detail::HasKernel<A, T>) {
    const auto moved = [&](Index i, Index count, bool has_drive) {
      const Pack<T> u = load(p.u + i, count);
      Pack<T> t = load(p.t + i, count);
      if constexpr (!HasForce) {
        t = (has_drive ? t + load(p.drive + i, count) : t) - u;
      }
      const Pack<T> next = fma(Pack<T>(dt), t, u);
      store(next, p.u + i, count);
      return next;
    };
    for_packs<T>(driven - paired, [&](Index k, Index count) {
      Pack<T> value;
      Pack<T> unused;
      f.template pack<0>(moved(paired + k, count, true), value, unused, unused);
      store(value, p.r + paired + k, count);
    });
    if constexpr (HasPlanarKernel<A, T>) {
      for_packs<T>(paired, [&](Index i, Index count) {
        Pack<T> re;
        Pack<T> im;
        f.planar(moved(i, count, true), moved(driven + i, count, false), re, im);
        store(re, p.r + i, count);
        store(im, im_r + i, count);
      });
      return;
    }
  } else {
    for (Index i = paired; i < driven; ++i) {
      p.u[i] += dt * (HasForce ? p.t[i] : T(p.t[i] + p.drive[i] - p.u[i]));
      p.r[i] = f.value(p.u[i]);
    }
  }
  if constexpr (RealScalar<T>) {
    for (Index i = 0; i < paired; ++i) {
      p.u[i] += dt * (HasForce ? p.t[i] : T(p.t[i] + p.drive[i] - p.u[i]));
      im_u[i] += dt * (HasForce ? im_t[i] : T(im_t[i] - im_u[i]));
      const std::complex<T> value = f.value(std::complex<T>(p.u[i], im_u[i]));
      p.r[i] = value.real();
      im_r[i] = value.imag();
    }
  }
}

/// Relaxes a panel whose u and r = f(u) are set. `push` adds to t, after the couplings have been
/// written there, what else drives the units.
template <class T, class A, class Push>
Certificate relax(const A& f, const Coupling<T>& m, const Panel<T>& p, const RelaxOptions& options,
                  Push&& push) {
  const T dt(static_cast<RealOf<T>>(options.dt));
  for (Index step = 0;; ++step) {
    m.multiply(p.r, p.t, p.columns());
    push();
    const bool last = step == options.max_steps;
    if (!last && options.tolerance == 0) {
      advance<false>(f, p, dt);
      continue;
    }
    const double residual = force(p);
    if (std::isnan(residual)) {
      return {RelaxStatus::diverged, step, residual};
    }
    if (residual <= options.tolerance) {
      return {RelaxStatus::converged, step, residual};
    }
    if (last) {
      return {options.tolerance == 0 ? RelaxStatus::converged : RelaxStatus::exhausted, step,
              residual};
    }
    advance<true>(f, p, dt);
  }
}

/// A cut of samples into panels, by shape alone.
struct PanelCut {
  Index width; ///< samples of a panel (the last one may have fewer)
  Index count; ///< panels

  PanelCut(Index samples, Index columns_per_sample) {
    constexpr Index columns = 40;
    const Index wanted = samples * columns_per_sample / columns;
    const Index parts = std::max<Index>(samples * columns_per_sample >= 16 ? 2 : 1, wanted);
    width = std::max<Index>(1, (samples + parts - 1) / parts);
    count = (samples + width - 1) / width;
  }
};

} // namespace gradus::equilibrium::detail
