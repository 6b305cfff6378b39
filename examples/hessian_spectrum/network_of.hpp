// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "network.hpp"
#include <gradus/curvature/dense.hpp>
#include <gradus/curvature/gauss_newton_gram.hpp>
#include <gradus/curvature/residual_blocks.hpp>
#include <gradus/curvature/slices.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss/softmax.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/nn/piecewise_linear.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/optim/descend.hpp>
#include <gradus/optim/minibatches.hpp>
#include <gradus/optim/sgd.hpp>

namespace gradus::examples::hessian {

/// The Network of an activation and an initialisation.
template <class Activation, class Init>
class NetworkOf final : public Network {
public:
  NetworkOf(const Params& p, Samples samples)
      : x_(std::move(samples.x)), rate_(p.rate),
        risk_(nn::Mlp<double, Activation>({widths(p), false}), {}, x_, std::move(samples.labels)) {}

  [[nodiscard]] Index num_parameters() const override { return risk_.num_parameters(); }
  [[nodiscard]] Vector<double> start(const Stream& stream) const override {
    return risk_.model().initial_parameters(Init{}, stream);
  }
  double loss(const Vector<double>& theta) override { return risk_.value(theta); }

  End descend(Vector<double>& theta, const Way& way, const Stream& stream) override {
    const optim::Sgd<double> rule{.learning_rate = rate_};
    optim::DescendResult<double> result;
    if (way.batch == 0) {
      result = optim::descend(risk_, theta, rule, {.steps = way.steps, .target_loss = way.target},
                              [&](const auto& now) {
                                if (way.watch) {
                                  way.watch(now.step, now.loss);
                                }
                              });
      return {result.steps, result.loss, result.status == optim::Status::diverged};
    }
    optim::Minibatches batches(risk_.num_examples(), way.batch, stream);
    double full = 0;
    result = optim::descend(risk_, theta, rule, batches, {.steps = way.steps},
                            optim::every(10, [&](const auto& now) {
                              full = risk_.value(now.theta);
                              if (way.watch) {
                                way.watch(now.step, full);
                              }
                              return full <= way.target;
                            }));
    return {result.steps, full, result.status == optim::Status::diverged};
  }

  Vector<double> line(const Vector<double>& first, const Vector<double>& second,
                      Index points) override {
    return curvature::line_slice(risk_, first, second, points).values;
  }
  Matrix<double> curvature(const Vector<double>& theta, Curvature kind) override {
    return curvature::dense_curvature(risk_, theta, kind);
  }
  void products(const Vector<double>& theta, ConstMatrixRef<double> directions,
                MatrixRef<double> products) override {
    if (point_.size() == 0 || point_ != theta || risk_.linearisation() != linearisation_) {
      point_ = theta;
      linearisation_ = risk_.linearise(theta);
    }
    risk_.curvature_products(Curvature::hessian, directions, products);
  }
  Vector<double> residual_spectrum(const Vector<double>& theta) override {
    if constexpr (nn::is_piecewise_linear<Activation>) {
      if (risk_.model().depth() == 2) {
        return curvature::residual_spectrum(risk_, theta);
      }
    }
    return {};
  }
  Matrix<double> gauss_newton_gram(const Vector<double>& theta) override {
    Matrix<double> gram(x_.cols(), x_.cols());
    curvature::gauss_newton_gram(risk_, theta, gram);
    return gram;
  }
  Matrix<double> loss_gradients(const Vector<double>& theta) override {
    Matrix<double> gradients(num_parameters(), x_.cols());
    risk_.per_example_gradients(theta, gradients);
    return gradients;
  }
  Matrix<double> output_gradients(const Vector<double>& theta) override {
    Matrix<double> directions(2, x_.cols());
    directions.row(0).setConstant(-1);
    directions.row(1).setConstant(1);
    Matrix<double> gradients(num_parameters(), x_.cols());
    risk_.output_gradients(theta, directions, gradients);
    return gradients;
  }

private:
  static std::vector<Index> widths(const Params& p) {
    std::vector<Index> all{p.dim};
    all.insert(all.end(), static_cast<std::size_t>(p.hidden_layers), p.width);
    all.push_back(p.num_outputs());
    return all;
  }

  Matrix<double> x_; ///< the risk refers to it
  double rate_;
  objective::EmpiricalRisk<nn::Mlp<double, Activation>, nn::SoftmaxCrossEntropy> risk_;
  Vector<double> point_; ///< of products()
  std::uint64_t linearisation_ = 0;
};

} // namespace gradus::examples::hessian
