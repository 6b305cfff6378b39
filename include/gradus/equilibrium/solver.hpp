// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <complex>
#include <span>
#include <utility>
#include <vector>

#include <gradus/core/buffer.hpp>
#include <gradus/core/error.hpp>
#include <gradus/core/parallel.hpp>
#include <gradus/core/product.hpp>
#include <gradus/core/scalar.hpp>
#include <gradus/core/types.hpp>
#include <gradus/equilibrium/certificate.hpp>
#include <gradus/equilibrium/coupling.hpp>
#include <gradus/equilibrium/detail/panel.hpp>
#include <gradus/equilibrium/detail/readout.hpp>
#include <gradus/equilibrium/network.hpp>
#include <gradus/equilibrium/nudge.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/loss.hpp>

namespace gradus::equilibrium {

/// Fixed points of a network for a batch of samples, and what becomes of them: readout and loss,
/// the response d r*/d beta to a nudge (the error vector of equilibrium propagation) from fixed
/// points at finite nudges or from its own linear dynamics, the adjoint response of recurrent
/// backpropagation, and the gradient of all parameters for either. Calls build on each other:
///   assign(theta), relax(x), evaluate(classes, losses), then any error vector, then gradient().
/// Samples are cut into panels that are relaxed each on one core from the first step to the last;
/// the cut depends on shapes alone, so do the bits. Memory is kept between calls.
template <Scalar T, nn::Activation A = nn::SteepSigmoid>
class Solver {
public:
  /// Scalar type of parameters and states.
  using Value = T;

  /// A solver for that network, its parameters all 0.
  explicit Solver(Network<T, A> network)
      : network_(std::move(network)), coupling_(network_.layout()), adjoint_(network_.layout()),
        theta_(Vector<T>::Zero(network_.num_parameters())) {}

  /// The network.
  [[nodiscard]] const Network<T, A>& network() const { return network_; }
  /// The couplings M.
  [[nodiscard]] const Coupling<T>& coupling() const { return coupling_; }
  /// Samples of the last relax().
  [[nodiscard]] Index num_samples() const { return samples_; }

  /// Works with these parameters from now on. @throws ShapeError
  void assign(ConstVectorRef<T> theta) {
    require_size(theta, "theta", network_.num_parameters());
    theta_ = theta;
    coupling_.assign(layout(), theta_);
    has_adjoint_ = false;
    readout_.weights = layout().readout(theta_);
    readout_.transposed = readout_.weights.transpose();
    readout_.bias = layout().readout_bias(theta_);
  }

  /// The free phase: from u = 0 towards the fixed point. @param x  inputs, (num_inputs, n)
  /// @return what was reached; a caller who needs the fixed point itself asks require_converged()
  Certificate relax(ConstMatrixRef<T> x, const RelaxOptions& options) {
    options.validate();
    require_shape(x, "x", layout().num_inputs(), x.cols());
    samples_ = x.cols();
    const Index n = layout().num_units();
    auto drive = drive_.matrix(n, samples_);
    auto driven = driven_.matrix(layout().num_driven(), samples_);
    multiply<T>(driven, layout().input_weights(theta_), x, scratch_);
    drive.topRows(driven.rows()) = driven;
    drive.bottomRows(n - driven.rows()).setZero();
    drive.colwise() += layout().bias(theta_);
    auto u = u_.matrix(n, samples_);
    auto r = r_.matrix(n, samples_);
    auto t = t_.matrix(n, samples_);
    u.setZero();
    r.setConstant(network_.activation().value(T(0)));
    return over_panels(1, [&](Index start, Index count) {
      const detail::Panel<T> panel{u.col(start).data(),
                                   r.col(start).data(),
                                   t.col(start).data(),
                                   drive.col(start).data(),
                                   n,
                                   0,
                                   count};
      return detail::relax(network_.activation(), coupling_, panel, options, [] {});
    });
  }

  /// Potentials u of the free phase (units, n): a view, like all of these.
  [[nodiscard]] MatrixMap<T> potentials() { return u_.matrix(layout().num_units(), samples_); }
  /// Rates r of the free phase (units, n).
  [[nodiscard]] MatrixMap<T> rates() { return r_.matrix(layout().num_units(), samples_); }
  /// Slopes sigma'(u) of the free phase (units, n), after evaluate().
  [[nodiscard]] MatrixMap<T> slopes() { return slopes_.matrix(layout().num_units(), samples_); }
  /// Softmax minus target of the free phase (classes, n), after evaluate().
  [[nodiscard]] MatrixMap<T> output_errors() {
    return errors_.matrix(layout().num_classes(), samples_);
  }
  /// dL/dr of each sample's own loss (units, n), not 0 for outputs alone, after evaluate().
  [[nodiscard]] MatrixMap<T> loss_slopes() { return push_.matrix(layout().num_units(), samples_); }

  /// Logits R r_out + c of the free phase (classes, n).
  MatrixMap<T> logits() {
    auto z = logits_.matrix(layout().num_classes(), samples_);
    multiply<T>(z, readout_.weights, rates().bottomRows(layout().num_outputs()), scratch_);
    z.colwise() += readout_.bias;
    return z;
  }

  /// Losses of the free phase, and all that error vectors need: output errors, loss slopes, slopes
  /// of the activation. @param classes  (n), in [0, num_classes)   @param losses  (n), written
  void evaluate(ConstVectorRef<Index> classes, VectorRef<T> losses) {
    const auto z = logits();
    nn::SoftmaxCrossEntropy{}.value_and_gradient(z, classes, losses, output_errors());
    auto g = g_.matrix(layout().num_outputs(), samples_);
    multiply<T>(g, readout_.transposed, output_errors(), scratch_);
    auto push = loss_slopes();
    push.topRows(layout().first_output()).setZero();
    push.bottomRows(layout().num_outputs()) = g;
    nn::apply_with_derivative(network_.activation(), potentials(), t_.matrix(push.rows(), samples_),
                              slopes());
  }

  /// Fixed points under nudges, from the free one, all phases of a sample side by side in one
  /// batched computation, and the estimate error = sum_k Re(weight_k (r(beta_k) - r(0))).
  /// @param phases  complex ones first   @param classes  (n)   @param error  (units, n), written
  /// @throws ArgumentError for complex phases with an activation that is not holomorphic, unless
  ///         any_continuation is true (the negative control)
  Certificate nudge(std::span<const Phase> phases, ConstVectorRef<Index> classes,
                    const RelaxOptions& options, MatrixRef<T> error,
                    bool any_continuation = false) requires RealScalar<T> {
    options.validate();
    require_size(classes, "classes", samples_);
    require_shape(error, "error", layout().num_units(), samples_);
    count_phases(phases, any_continuation);
    const Index columns = 2 * paired_ + real_;
    const Index n = layout().num_units();
    for (Buffer<T>* buffer : {&nudged_u_, &nudged_r_, &nudged_t_}) {
      reserve(*buffer, n, columns);
    }
    reserve(nudged_drive_, n, paired_ + real_);
    reserve(logits_, layout().num_classes(), columns);
    reserve(g_, layout().num_outputs(), columns);
    return over_panels(columns, [&](Index start, Index count) {
      const auto panel = prepare(start, count);
      const Certificate reached =
          detail::relax(network_.activation(), coupling_, panel, options,
                        [&] { push_loss(panel, phases, classes, start, count); });
      collect(panel, phases, start, count, error);
      return reached;
    });
  }

  /// Rate of a unit of a sample in one of the phases of the last nudge().
  [[nodiscard]] std::complex<T> phase_rate(Index phase, Index unit,
                                           Index sample) requires RealScalar<T> {
    const Index columns = 2 * paired_ + real_;
    const Index n = layout().num_units();
    const detail::PanelCut cut(samples_, columns);
    const Index start = sample / cut.width * cut.width;
    const Index count = std::min(cut.width, samples_ - start);
    const auto r = nudged_r_.matrix(n, columns * samples_);
    const auto at = [&](Index p) { return r(unit, columns * start + p * count + sample - start); };
    return {at(phase), phase < paired_ ? at(paired_ + real_ + phase) : T(0)};
  }

  /// The response at beta = 0 itself, e = d r*/d beta = (1/sigma' - M)^-1 g, as the fixed point of
  ///   v <- v + dt (sigma' (M v + g) - v).
  /// @param error  (units, n), written
  Certificate tangent(const RelaxOptions& options, MatrixRef<T> error) {
    return respond(coupling_, options, error);
  }
  /// Recurrent backpropagation: delta = (1/sigma' - M)^-T g = dL/db by the same dynamics with M^T,
  /// the exact gradient of each sample's loss. Source: Almeida 1987, Pineda 1987.
  /// @param error  (units, n), written
  Certificate adjoint(const RelaxOptions& options, MatrixRef<T> error) {
    if (!has_adjoint_) {
      adjoint_.assign_transposed(coupling_);
      has_adjoint_ = true;
    }
    return respond(adjoint_, options, error);
  }

  /// Gradient of the mean loss for error vectors, exact for those of adjoint():
  ///   dW = err x^T, dM = err r^T where M has blocks, db = err, dR = (p - y) r_out^T, dc = p - y,
  /// with rates of the free phase, averaged over the samples.
  /// @param x  the inputs of relax()   @param error  (units, n)   @param out  gradient (P), written
  void gradient(ConstMatrixRef<T> x, ConstMatrixRef<T> error, VectorRef<T> out) {
    require_shape(x, "x", layout().num_inputs(), samples_);
    require_shape(error, "error", layout().num_units(), samples_);
    require_size(out, "gradient", network_.num_parameters());
    const auto r = rates();
    const T scale = T(1) / T(static_cast<RealOf<T>>(samples_));
    multiply<T>(layout().input_weights(out), error.topRows(layout().num_driven()), x.transpose(),
                scratch_, scale);
    for (const CouplingBlock& block : layout().blocks()) {
      multiply<T>(layout().coupling(out, block), error.middleRows(block.row, block.rows),
                  r.middleRows(block.col, block.cols).transpose(), scratch_, scale);
    }
    layout().bias(out) = error.rowwise().sum() * scale;
    multiply<T>(layout().readout(out), output_errors(),
                r.bottomRows(layout().num_outputs()).transpose(), scratch_, scale);
    layout().readout_bias(out) = output_errors().rowwise().sum() * scale;
  }

private:
  [[nodiscard]] const NetworkLayout& layout() const { return network_.layout(); }

  /// Runs body(first sample, samples) for every panel; the worst of their certificates.
  template <class Body>
  Certificate over_panels(Index columns_per_sample, Body&& body) {
    const detail::PanelCut cut(samples_, columns_per_sample);
    reached_.assign(static_cast<std::size_t>(cut.count), {});
    parallel_panels(cut.count, [&](Index p) {
      const Index start = p * cut.width;
      reached_[static_cast<std::size_t>(p)] = body(start, std::min(cut.width, samples_ - start));
    });
    Certificate all;
    for (const Certificate& one : reached_) {
      all.include(one);
    }
    return all;
  }

  /// Memory for so many columns of every sample, before panels take their parts of it.
  void reserve(Buffer<T>& buffer, Index rows, Index columns) {
    static_cast<void>(buffer.vector(rows * columns * samples_));
  }

  void count_phases(std::span<const Phase> phases, bool any_continuation) {
    require(!phases.empty(), "number of phases", phases.size(), ">= 1");
    const auto is_complex = [](const Phase& p) { return p.beta.imag() != 0; };
    paired_ = std::count_if(phases.begin(), phases.end(), is_complex);
    real_ = static_cast<Index>(phases.size()) - paired_;
    require(std::is_partitioned(phases.begin(), phases.end(), is_complex), "phases",
            "in mixed order", "complex ones first");
    require(paired_ == 0 || A::is_holomorphic || any_continuation, "activation", A::name,
            "holomorphic, for a nudge that is not real");
  }

  /// Memory of a panel in the nudged phases, set to the free fixed point.
  detail::Panel<T> prepare(Index start, Index count) {
    const Index n = layout().num_units();
    const Index columns = 2 * paired_ + real_;
    const Index real_parts = paired_ + real_;
    const detail::Panel<T> panel{nudged_u_.vector(0).data() + n * columns * start,
                                 nudged_r_.vector(0).data() + n * columns * start,
                                 nudged_t_.vector(0).data() + n * columns * start,
                                 nudged_drive_.vector(0).data() + n * real_parts * start,
                                 n,
                                 paired_ * count,
                                 real_ * count};
    const auto copy = [&](Buffer<T>& from, T* to, Index copies) {
      const T* const first = from.vector(0).data() + n * start;
      for (Index k = 0; k < copies; ++k) {
        std::copy_n(first, n * count, to + k * n * count);
      }
    };
    copy(u_, panel.u, real_parts);
    copy(r_, panel.r, real_parts);
    copy(drive_, nudged_drive_.vector(0).data() + n * real_parts * start, real_parts);
    std::fill_n(panel.u + panel.driven(), n * panel.paired, T(0));
    std::fill_n(panel.r + panel.driven(), n * panel.paired, T(0));
    return panel;
  }

  /// t += beta dL/dr_out at the present rates of a panel.
  void push_loss(const detail::Panel<T>& panel, std::span<const Phase> phases,
                 const ConstVectorRef<Index>& classes, Index start, Index count) {
    const Index columns = panel.columns();
    const Index real_parts = panel.paired + panel.real;
    const Index outputs = layout().num_outputs();
    const Index k = layout().num_classes();
    const Index offset = (2 * paired_ + real_) * start;
    T* const z = logits_.vector(0).data() + k * offset;
    T* const g = g_.vector(0).data() + outputs * offset;
    readout_.logits(panel.r, panel.units, columns, real_parts, z);
    detail::softmax(z, k, panel.paired, panel.real);
    for (Index j = 0; j < real_parts; ++j) {
      z[j * k + classes(start + j % count)] -= T(1);
    }
    readout_.back(z, columns, g);
    const Index first = layout().first_output();
    const auto target = [&](Index j) {
      return VectorMap<T>(panel.t + j * panel.units + first, outputs);
    };
    const auto slope = [&](Index j) { return VectorMap<T>(g + j * outputs, outputs); };
    for (Index j = 0; j < real_parts; ++j) {
      const std::complex<double> beta = phases[static_cast<std::size_t>(j / count)].beta;
      const T re = static_cast<T>(beta.real());
      target(j) += re * slope(j);
      if (j < panel.paired) {
        const T im = static_cast<T>(beta.imag());
        target(j) -= im * slope(real_parts + j);
        target(real_parts + j) += im * slope(j) + re * slope(real_parts + j);
      }
    }
  }

  /// The estimate of a panel's error vectors.
  void collect(const detail::Panel<T>& panel, std::span<const Phase> phases, Index start,
               Index count, MatrixRef<T>& error) {
    const Index n = panel.units;
    const Index real_parts = panel.paired + panel.real;
    auto out = error.middleCols(start, count);
    const auto free = rates().middleCols(start, count);
    out.setZero();
    for (Index p = 0; p < paired_ + real_; ++p) {
      const std::complex<double> weight = phases[static_cast<std::size_t>(p)].weight;
      const ConstMatrixMap<T> re(panel.r + p * count * n, n, count);
      out += static_cast<T>(weight.real()) * (re - free);
      if (p < paired_) {
        out -= static_cast<T>(weight.imag()) *
               ConstMatrixMap<T>(panel.r + (real_parts + p * count) * n, n, count);
      }
    }
  }

  Certificate respond(const Coupling<T>& m, const RelaxOptions& options, MatrixRef<T>& error) {
    options.validate();
    require_shape(error, "error", layout().num_units(), samples_);
    const Index n = layout().num_units();
    const T dt(static_cast<RealOf<T>>(options.dt));
    auto v = response_.matrix(n, samples_);
    auto t = t_.matrix(n, samples_);
    v.setZero();
    const Certificate reached = over_panels(1, [&](Index start, Index count) {
      const auto part = [&](MatrixMap<T> all) { return all.middleCols(start, count); };
      auto now = part(v);
      auto change = part(t);
      const auto push = part(loss_slopes());
      const auto slope = part(slopes());
      for (Index step = 0;; ++step) {
        m.multiply(now.data(), change.data(), count);
        const bool last = step == options.max_steps;
        if (!last && options.tolerance == 0) {
          now.array() += dt * (slope.array() * (change + push).array() - now.array());
          continue;
        }
        change.array() = slope.array() * (change + push).array() - now.array();
        const double residual = largest(change);
        if (std::isnan(residual)) {
          return Certificate{RelaxStatus::diverged, step, residual};
        }
        if (residual <= options.tolerance || last) {
          return Certificate{residual <= options.tolerance || options.tolerance == 0
                                 ? RelaxStatus::converged
                                 : RelaxStatus::exhausted,
                             step, residual};
        }
        now += dt * change;
      }
    });
    error = v;
    return reached;
  }

  template <class M>
  static double largest(const M& change) {
    double most = 0;
    for (Index j = 0; j < change.cols(); ++j) {
      for (Index i = 0; i < change.rows(); ++i) {
        const double size = detail::size_of(change(i, j));
        most = size <= most ? most : size; // NaN stays
        if (std::isnan(most)) {
          return most;
        }
      }
    }
    return most;
  }

  Network<T, A> network_;
  Coupling<T> coupling_;
  Coupling<T> adjoint_;
  bool has_adjoint_ = false;
  detail::Readout<T> readout_;
  Vector<T> theta_;
  Index samples_ = 0;
  Index paired_ = 0;
  Index real_ = 0;
  std::vector<Certificate> reached_;
  Buffer<T> drive_, driven_, u_, r_, t_, slopes_, errors_, push_, logits_, g_, response_, scratch_;
  Buffer<T> nudged_u_, nudged_r_, nudged_t_, nudged_drive_;
};

} // namespace gradus::equilibrium
